/**
 * Stores for tests. {@link io.forebay.testkit.store.MemoryBlobStore} keeps the whole contract of
 * {@link io.forebay.blob.BlobStore} in memory, counts its requests, and lets a test fail or delay each of them.
 */
@NullMarked
package io.forebay.testkit.store;

import org.jspecify.annotations.NullMarked;
