/** What {@link io.forebay.blob.RetryingBlobStore} does, over a store in memory that fails on demand. */
@NullMarked
package io.forebay.testkit.retry;

import org.jspecify.annotations.NullMarked;
