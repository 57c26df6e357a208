/**
 * The {@link io.forebay.blob.BlobStore} contract, as tests, and a store for tests.
 *
 * <p>{@link io.forebay.testkit.store.BlobStoreContract} is what a store's test extends; it says how to get an empty
 * container, and inherits every rule. The rules are grouped by what they are about, one class and one file each
 * ({@code ...Rules}), and speak to the store through the few words of {@code StoreRules}. A rule that some store
 * honestly cannot keep names the {@link io.forebay.testkit.store.Capability} that it needs.
 *
 * <p>{@link io.forebay.testkit.store.MemoryBlobStore} keeps the contract in memory, counts its requests, and lets a
 * test fail or delay each of them.
 */
@NullMarked
package io.forebay.testkit.store;

import org.jspecify.annotations.NullMarked;
