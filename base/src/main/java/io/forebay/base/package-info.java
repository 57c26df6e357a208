/**
 * What every module speaks and no module owns: how things fail ({@link io.forebay.base.error}), how time passes
 * ({@link io.forebay.base.time}), what is counted ({@link io.forebay.base.metric}) and how sizes are written.
 *
 * <p>Nothing here starts a thread, opens a file or knows Blob, FUSE or the command line.
 */
@NullMarked
package io.forebay.base;

import org.jspecify.annotations.NullMarked;
