package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import io.forebay.cache.CachedContent;
import io.forebay.cache.ContentCache;
import io.forebay.cache.SparseFileCache;

/** A cache that lets a test do something just before content is opened. */
final class HookedCache implements ContentCache {
    private final SparseFileCache cache;
    private volatile TreeTest.Meanwhile beforeOpen = () -> {};

    HookedCache(SparseFileCache cache) {
        this.cache = cache;
    }

    /** Runs {@code hook} once, before the next open. */
    void beforeOpen(TreeTest.Meanwhile hook) {
        beforeOpen = () -> {
            beforeOpen = () -> {};
            hook.run();
        };
    }

    @Override
    public CachedContent open(BlobVersion version) throws ForebayException {
        beforeOpen.run();
        return cache.open(version);
    }

    @Override
    public CachedContent create() throws ForebayException {
        return cache.create();
    }

    int inUse() {
        return cache.inUse();
    }

    @Override
    public long freeBytes() {
        return cache.freeBytes();
    }

    @Override
    public long totalBytes() {
        return cache.totalBytes();
    }

    @Override
    public void close() {
        cache.close();
    }
}
