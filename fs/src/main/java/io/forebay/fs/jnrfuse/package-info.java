/** The portable door: jnr-fuse over libfuse 2. */
@NullMarked
package io.forebay.fs.jnrfuse;

import org.jspecify.annotations.NullMarked;
