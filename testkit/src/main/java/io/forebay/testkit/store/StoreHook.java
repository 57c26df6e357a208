package io.forebay.testkit.store;

import io.forebay.base.error.ForebayException;

/** What a test does at one moment of a request: note it, delay it, or fail it. It runs on the caller's thread. */
@FunctionalInterface
public interface StoreHook {
    /**
     * Called with no lock of the store held, so it may wait, and may call the store.
     *
     * @param name the blob's name, the source of a copy, or the prefix of a listing; empty for the container
     */
    void on(StoreOperation operation, String name) throws ForebayException;
}
