/** A local folder that keeps the whole {@link io.forebay.blob.BlobStore} contract: no account, no service. */
@NullMarked
package io.forebay.blob.directory;

import org.jspecify.annotations.NullMarked;
