/**
 * Tests that need a real mount. Forebay is a process here, started by its launcher; none of its classes is used.
 *
 * <p>{@code posix} makes system calls and reports errno; {@code ground} is where a test stands: a plain folder, or a
 * mount of one store; {@code suite} is what every ground must do. A test that fails on the plain folder is a wrong
 * test; one that fails only on a mount has found something.
 *
 * <p>The launcher is {@code dist/forebay/bin/forebay} below the repository's root, which the system property
 * {@code forebay.root} names. Every external command has a limit, and every mount is taken away again whatever happens.
 */
@NullMarked
package io.forebay.nativetests;

import org.jspecify.annotations.NullMarked;
