/**
 * The store: one container of blobs, behind one interface.
 *
 * <p>{@link io.forebay.blob.BlobStore} is the contract. {@code azure} keeps it over REST, {@code directory} on a local
 * folder. Everything that cuts across stores is a decorator of the same interface:
 * {@link io.forebay.blob.CountingBlobStore} counts, and {@link io.forebay.blob.RetryingBlobStore} above it repeats, behind
 * one {@code StoreGate} that bounds what the store gets at once ({@code ParallelLimit}) and leaves it alone when it is too
 * busy ({@code Pace}). A store knows names, versions and bytes; it knows nothing of inodes, handles or caches.
 *
 * <p>Stores are safe for use by many threads and start none of their own beyond what their HTTP client needs. They fail
 * with {@link io.forebay.base.error.ForebayException} only.
 */
@NullMarked
package io.forebay.blob;

import org.jspecify.annotations.NullMarked;
