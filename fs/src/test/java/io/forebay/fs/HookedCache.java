package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.cache.CacheInventory;
import io.forebay.cache.CachedContent;
import io.forebay.cache.ContentCache;
import io.forebay.cache.KeptContent;
import io.forebay.cache.RenameRecord;
import io.forebay.cache.SparseFileCache;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A cache that lets a test do something just before content is opened. */
final class HookedCache implements ContentCache {
    private final SparseFileCache cache;
    private final Map<String, Boolean> durableWhenKept = new TreeMap<>();
    private final AtomicInteger syncs = new AtomicInteger();
    private volatile TreeTest.Meanwhile beforeOpen = () -> {};

    HookedCache(SparseFileCache cache) {
        this.cache = cache;
    }

    /** Of what an earlier process kept, by its name, whether it is known to be on stable storage. */
    Map<String, Boolean> durableWhenKept() {
        return durableWhenKept;
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
    public boolean prefetch(BlobVersion version) {
        return cache.prefetch(version);
    }

    @Override
    public void bring(BlobVersion version, Deadline deadline) throws ForebayException {
        cache.bring(version, deadline);
    }

    @Override
    public void pin(BlobVersion version, long usedSeconds, Deadline deadline) throws ForebayException {
        cache.pin(version, usedSeconds, deadline);
    }

    @Override
    public CachedContent create() throws ForebayException {
        return cache.create();
    }

    @Override
    public boolean isHere(BlobVersion version) {
        return cache.isHere(version);
    }

    CacheInventory inventory() {
        return cache.inventory();
    }

    int inUse() {
        return cache.inUse();
    }

    @Override
    public List<KeptContent> kept(String store) throws ForebayException {
        List<KeptContent> found = cache.kept(store);
        found.forEach(kept -> durableWhenKept.put(kept.file().name(), kept.durable()));
        return found;
    }

    @Override
    public void sync() throws ForebayException {
        cache.sync();
        syncs.incrementAndGet();
    }

    @Override
    public void settle() throws ForebayException {
        cache.settle();
    }

    /** How often all that is kept was synced. */
    int syncs() {
        return syncs.get();
    }

    @Override
    public RenameRecord beginRename(String store, String from, String to, List<RenameRecord.Part> parts)
            throws ForebayException {
        return cache.beginRename(store, from, to, parts);
    }

    @Override
    public List<RenameRecord> unfinishedRenames(String store) throws ForebayException {
        return cache.unfinishedRenames(store);
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
