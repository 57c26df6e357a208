package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache that keeps one sparse file for each content that is open, or that was and may be again.
 *
 * <p>All opens of a version share one file and fetch each page once. What is closed clean rests, for the next who opens
 * that version; what rested longest is removed when less than a fifth of the disk is free. The first change gives a handle content
 * of its own: see {@link CachedContent}. Content that was never committed counts as dirty, even while it is empty.
 *
 * <p>What a process that died left in the folder is removed at start. Nothing is lost by that: a file is acknowledged
 * as durable only once it is committed to the store, never for being here.
 */
public final class SparseFileCache implements ContentCache {
    private static final Logger LOG = LoggerFactory.getLogger(SparseFileCache.class);

    /** At about 1 KiB of heap each. */
    private static final int MAX_RESTING = 10_000;

    private final CacheDirectory directory;
    private final BlockSource source;
    private final CacheSettings settings;
    private final Clock clock;
    private final VersionTable table = new VersionTable();
    private final FetchBudget budget;
    /**
     * For copies that take their pages from a sibling. Their fetches wait for fetches of the sibling, so that they must
     * not hold the same permits: two budgets, always taken in this order, cannot lock each other out.
     */
    private final FetchBudget copyBudget;

    /**
     * Claims {@code directory} for this process; makes it, with mode 0700, if it is not there.
     *
     * @throws ForebayException.InvalidArgument if the directory cannot be written, or another mount uses it
     * @throws ForebayException.NoSpace if its disk is full
     */
    public SparseFileCache(Path directory, BlockSource source, CacheSettings settings, Clock clock)
            throws ForebayException {
        this.directory = CacheDirectory.claim(directory, settings.reserve());
        this.source = source;
        this.settings = settings;
        this.clock = clock;
        this.budget = new FetchBudget(settings.demandFetches(), settings.prefetches());
        this.copyBudget = new FetchBudget(settings.demandFetches(), settings.prefetches());
    }

    @Override
    public CachedContent open(BlobVersion version) throws ForebayException {
        SparseContent content = table.acquire(version);
        if (content == null) {
            makeRoom();
            SparseContent fresh = newContent(version, Origin.of(source), budget);
            content = table.acquireOrRegister(version, fresh);
            if (content != fresh) {
                release(fresh);
            }
        }
        return new ContentHandle(this, content);
    }

    @Override
    public CachedContent create() throws ForebayException {
        makeRoom();
        directory.requireSpace();
        return new ContentHandle(this, newContent(null, Origin.of(source), budget));
    }

    @Override
    public long freeBytes() {
        return directory.freeBytes();
    }

    @Override
    public long totalBytes() {
        return directory.totalBytes();
    }

    /** A gauge: contents that somebody has open. */
    public int inUse() {
        return table.inUse();
    }

    /** A gauge: contents that nobody has open, and that the next one to open finds here. */
    public int resting() {
        return table.resting();
    }

    /** Removes all content, open or not, and gives the directory back. Changes that were not committed are gone. */
    @Override
    public void close() {
        table.close().forEach(SparseFileCache::free);
        directory.close();
    }

    /** Content that may be changed instead of {@code shared}; takes over the caller's reference to it. */
    SparseContent detach(SparseContent shared) throws ForebayException {
        if (table.detachAlone(shared)) {
            return shared;
        }
        BlobVersion version = shared.version().orElseThrow();
        return newContent(version, new SiblingOrigin(shared, () -> release(shared)), copyBudget);
    }

    void register(BlobVersion version, SparseContent content) {
        table.register(version, content);
    }

    void rebase(SparseContent content, BlobVersion version) {
        table.rebase(content, version);
    }

    void release(SparseContent content) {
        switch (table.release(content, settled(content))) {
            case USED -> {}
            case RESTS -> {
                rest(content);
                makeRoom();
            }
            case FREE -> free(content);
        }
    }

    /** The version under which content that the caller is about to release can rest; empty if it cannot. */
    private Optional<BlobVersion> settled(SparseContent content) {
        if (!table.isUsedOnce(content)) {
            return Optional.empty();
        }
        try {
            return content.settle();
        } catch (ForebayException failure) {
            LOG.debug("cached content is not kept reason={}", failure.getMessage());
            return Optional.empty();
        }
    }

    private static void rest(SparseContent content) {
        try {
            content.rest();
        } catch (ForebayException failure) {
            LOG.debug("cached content keeps its descriptor reason={}", failure.getMessage());
        }
    }

    /** Removes content that nobody uses, while the disk is short of room. */
    private void makeRoom() {
        while (table.resting() > MAX_RESTING || (table.resting() > 0 && directory.isShortOfRoom())) {
            SparseContent oldest = table.giveUpOldest();
            if (oldest != null) {
                free(oldest);
            }
        }
    }

    /** Whether the kernel may write without asking: it does not know what must stay free. */
    boolean mayLendForWriting() {
        makeRoom();
        return !directory.isNearlyFull();
    }

    private SparseContent newContent(@Nullable BlobVersion version, Origin origin, FetchBudget fetches)
            throws ForebayException {
        SparseFile file = directory.newFile();
        SparseContent content = new SparseContent(version, file, origin, fetches, settings, clock);
        boolean added = false;
        try {
            if (version != null) {
                file.setLength(version.lengthBytes());
            }
            table.add(content);
            added = true;
            return content;
        } finally {
            if (!added) {
                file.close();
            }
        }
    }

    private static void free(SparseContent content) {
        try {
            content.free();
        } catch (ForebayException failure) {
            LOG.warn("cached content stays on disk until the next start reason={}", failure.getMessage());
        }
    }
}
