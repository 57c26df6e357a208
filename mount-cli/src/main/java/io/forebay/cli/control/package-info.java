/**
 * How a command speaks to the process of a mount.
 *
 * <p>Each mount has one Unix domain socket ({@link io.forebay.cli.control.ControlSockets}), named after its process, in a
 * folder that only its user may enter. One connection carries one request and its answers, a line each
 * ({@link io.forebay.cli.control.Message}): {@code request protocol=1 command=warmup}, then {@code path name=...} for each
 * path, then {@code end}. The answer is any number of lines and at last {@code done} or {@code refused reason=...}. Work
 * that takes long says how far it is five times a second; so who hears nothing for some seconds knows that the process
 * hangs, and who goes away is noticed at the next line, which stops the work.
 *
 * <h2>Threads</h2>
 *
 * <p>One platform thread of {@link io.forebay.cli.control.ControlEndpoint} accepts; each connection has a virtual thread,
 * which writes, and another one that does the work. So many connections are answered at once and no more; a request that
 * does not come in time is given up. Until somebody connects, nothing of all this but the accepting thread exists.
 *
 * <h2>Failure</h2>
 *
 * <p>A mount goes on without its socket if that cannot be made; a command then says so. Nothing that a client sends or
 * fails to send does anything to the mount but what it asks for.
 */
@NullMarked
package io.forebay.cli.control;

import org.jspecify.annotations.NullMarked;
