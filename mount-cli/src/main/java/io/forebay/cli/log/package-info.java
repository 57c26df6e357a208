/**
 * Logging, set up in code: one line an event, to one file with a bounded size or to standard error.
 *
 * <p>Everything else logs through SLF4J and does not know of this package. Until {@link io.forebay.cli.log.Logging#start}
 * is called nothing is logged, so that commands which answer on the terminal stay quiet.
 */
@NullMarked
package io.forebay.cli.log;

import org.jspecify.annotations.NullMarked;
