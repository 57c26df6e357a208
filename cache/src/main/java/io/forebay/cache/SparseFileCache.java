package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.cache.VersionTable.Stake;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache that keeps one sparse file for each content, on one or several disks, and finds again what an earlier process
 * left there.
 *
 * <p>All opens of a version share one file and fetch each page once. What is closed clean rests on disk and takes some
 * 40 bytes of memory, for the next who opens that version; what is of least use is given up when there is too much,
 * in the background. The first change gives a handle content of its own: see {@link CachedContent}. Content that was never
 * committed counts as dirty, even while it is empty; it outlives the process once it is {@linkplain CachedContent#keep
 * kept}, by a note in the journal of its disk.
 *
 * <p>A disk that fails is taken out. Clean content that was open there is fetched again onto another one.
 */
public final class SparseFileCache implements ContentCache {
    private static final Logger LOG = LoggerFactory.getLogger(SparseFileCache.class);

    /** Opens and last closes of so many versions go on at once. */
    private static final int DOORS = 64;

    private final CacheDisks disks;
    private final BlockSource source;
    private final FileSpace space;
    private final CacheSettings settings;
    private final Clock clock;
    private final VersionTable table = new VersionTable();
    private final Eviction eviction;
    private final FetchBudget budget;
    /**
     * For copies that take their pages from a sibling. Their fetches wait for fetches of the sibling, so that they must
     * not hold the same permits: two budgets, always taken in this order, cannot lock each other out.
     */
    private final FetchBudget copyBudget;
    /** A version goes through one of them on its way between disk and table; held over local I/O, never two at once. */
    private final ReentrantLock[] doors = new ReentrantLock[DOORS];

    /**
     * Claims {@code folders} for this process, with what is in them; makes those that are not there, with mode 0700.
     *
     * @throws ForebayException.InvalidArgument if a folder cannot be written, or another mount uses it
     * @throws ForebayException.NoSpace if a disk is full
     */
    public SparseFileCache(
            List<Path> folders,
            BlockSource source,
            CacheSettings settings,
            EvictionSettings limits,
            Clock clock,
            Metrics metrics)
            throws ForebayException {
        this(folders, source, settings, limits, clock, metrics, FileSpace.PLAIN, Boot.current());
    }

    /**
     * The same.
     *
     * @param space makes holes of what was read of files that are larger than a disk; without it they are read past the disk
     */
    public SparseFileCache(
            List<Path> folders,
            BlockSource source,
            CacheSettings settings,
            EvictionSettings limits,
            Clock clock,
            Metrics metrics,
            FileSpace space)
            throws ForebayException {
        this(folders, source, settings, limits, clock, metrics, space, Boot.current());
    }

    /** A cache on one disk with the usual limits, whose counters nobody reads. */
    public SparseFileCache(Path folder, BlockSource source, CacheSettings settings, Clock clock)
            throws ForebayException {
        this(List.of(folder), source, settings, EvictionSettings.DEFAULTS, clock, new Metrics());
    }

    SparseFileCache(
            List<Path> folders,
            BlockSource source,
            CacheSettings settings,
            EvictionSettings limits,
            Clock clock,
            Metrics metrics,
            Boot boot)
            throws ForebayException {
        this(folders, source, settings, limits, clock, metrics, FileSpace.PLAIN, boot);
    }

    private SparseFileCache(
            List<Path> folders,
            BlockSource source,
            CacheSettings settings,
            EvictionSettings limits,
            Clock clock,
            Metrics metrics,
            FileSpace space,
            Boot boot)
            throws ForebayException {
        Semaphore wish = new Semaphore(0);
        this.disks = CacheDisks.open(
                folders,
                settings.reserve(),
                directory -> new DiskRoom(directory, limits, () -> Eviction.wake(wish), clock),
                boot,
                clock,
                metrics);
        disks.limit(limits);
        this.eviction = new Eviction(disks, table, limits, wish, clock);
        this.source = source;
        this.space = space;
        this.settings = settings;
        this.clock = clock;
        this.budget = new FetchBudget(settings, disks::freeBytes, metrics);
        this.copyBudget = new FetchBudget(settings, disks::freeBytes, metrics);
        Arrays.setAll(doors, _ -> new ReentrantLock());
        eviction.start();
    }

    @Override
    public CachedContent open(BlobVersion version) throws ForebayException {
        return new ContentHandle(this, acquire(version, Stake.USE));
    }

    /** The content of {@code version}, with one more reference to it. */
    private SparseContent acquire(BlobVersion version, Stake stake) throws ForebayException {
        SparseContent open = table.acquire(version, stake);
        if (open != null) {
            return open;
        }
        VersionKey key = VersionKey.of(version);
        SparseContent fresh;
        SparseContent content;
        ReentrantLock door = doorOf(key);
        door.lock();
        try {
            content = table.acquire(version, stake);
            if (content != null) {
                return content;
            }
            table.checkOpen();
            fresh = load(key, version);
            content = table.acquireOrRegister(version, fresh, stake);
        } finally {
            door.unlock();
        }
        if (content != fresh) {
            release(fresh, Stake.USE);
        }
        return content;
    }

    /** Content as it rests on a disk, else without any page. */
    private SparseContent load(VersionKey key, BlobVersion version) throws ForebayException {
        Place place = disks.find(key, version);
        if (place == null) {
            Place fresh = disks.newPlace(version);
            return newContent(version, fresh, origin(fresh.disk()), true, budget);
        }
        if (!place.isTrusted()) {
            return newContent(version, place, new CheckedOrigin(place, origin(place.disk())), false, budget);
        }
        SparseContent content = newContent(version, place, origin(place.disk()), true, budget);
        try {
            content.believePlace();
        } catch (ForebayException unreadable) {
            // Its pages are fetched as if nothing were there.
            LOG.warn("what is cached of a blob is not used blob={} reason={}", version.name(), unreadable.getMessage());
        }
        return content;
    }

    private ReentrantLock doorOf(VersionKey key) {
        return doors[(int) (key.second() & (DOORS - 1))];
    }

    @Override
    public boolean prefetch(BlobVersion version) {
        if (version.lengthBytes() > settings.largestFetch().bytes()
                || !budget.tryTake(Fetch.Reason.PREFETCH, version.lengthBytes())) {
            return false;
        }
        Thread.ofVirtual().name("prefetch " + version.name()).start(() -> prefetchNow(version));
        return true;
    }

    @Override
    public boolean isHere(BlobVersion version) {
        SparseContent open = table.peek(version);
        if (open != null) {
            int length = Math.clamp(version.lengthBytes(), 0, Integer.MAX_VALUE);
            return length == version.lengthBytes() && open.isPresent(0, length);
        }
        return disks.isResting(VersionKey.of(version), PageMap.pagesUpTo(version.lengthBytes()));
    }

    /** Holds the content until all of it is here. */
    private void prefetchNow(BlobVersion version) {
        try {
            SparseContent content = acquire(version, Stake.VISIT);
            try {
                content.prefetchWhole(Deadline.after(settings.fetchLimit(), clock));
            } finally {
                release(content, Stake.VISIT);
            }
        } catch (ForebayException failure) {
            LOG.debug("prefetch failed blob={} reason={}", version.name(), failure.getMessage());
        } finally {
            budget.giveBack(Fetch.Reason.PREFETCH, version.lengthBytes());
        }
    }

    @Override
    public void bring(BlobVersion version, Deadline deadline) throws ForebayException {
        SparseContent content = acquire(version, Stake.VISIT);
        try {
            content.bring(deadline);
        } finally {
            release(content, Stake.VISIT);
        }
    }

    @Override
    public void pin(BlobVersion version, long usedSeconds, Deadline deadline) throws ForebayException {
        SparseContent content = acquire(version, Stake.VISIT);
        try {
            content.pin(usedSeconds, deadline);
        } finally {
            release(content, Stake.VISIT);
        }
    }

    @Override
    public CachedContent create() throws ForebayException {
        table.checkOpen();
        return new ContentHandle(this, newContent(null, hiddenPlace(), Origin.of(source), false, budget));
    }

    @Override
    public List<KeptContent> kept(String store) throws ForebayException {
        List<KeptContent> all = new ArrayList<>();
        for (CacheDisk disk : disks.working()) {
            for (Map.Entry<Integer, PendingFile> entry :
                    disk.journal().pending().entrySet()) {
                PendingFile file = entry.getValue();
                if (!disk.journal().isSure(entry.getKey())) {
                    LOG.error(
                            "a file was closed but not yet on disk when the machine stopped; it is not uploaded, and what"
                                    + " there is of it stays cache_path={} slot={} name={}",
                            disk.path(),
                            entry.getKey(),
                            file.name());
                } else if (file.store().equals(store)) {
                    boolean durable = disk.journal().isDurable(entry.getKey());
                    takeOver(disk, entry.getKey(), file)
                            .ifPresent(content -> all.add(new KeptContent(file, content, durable)));
                } else {
                    LOG.warn(
                            "a file of another store waits here to be uploaded; mount that store with this cache path"
                                    + " cache_path={} store={} name={}",
                            disk.path(),
                            file.store(),
                            file.name());
                }
            }
        }
        return all;
    }

    @Override
    public void sync() throws ForebayException {
        for (CacheDisk disk : disks.working()) {
            disk.journal().sync();
        }
    }

    @Override
    public void settle() throws ForebayException {
        for (CacheDisk disk : disks.working()) {
            disk.journal().settle();
        }
    }

    @Override
    public RenameRecord beginRename(String store, String from, String to, List<RenameRecord.Part> parts)
            throws ForebayException {
        RenameRecord.Names names =
                new RenameRecord.Names(store, from, to, clock.now().toEpochMilli());
        return disks.anyWorking().renames().begin(names, parts);
    }

    @Override
    public List<RenameRecord> unfinishedRenames(String store) throws ForebayException {
        List<RenameRecord> all = new ArrayList<>();
        for (CacheDisk disk : disks.working()) {
            for (RenameRecord record : disk.renames().left()) {
                RenameRecord.Names names = record.names();
                if (names.store().equals(store)) {
                    all.add(record);
                    continue;
                }
                LOG.warn(
                        "a rename in another store has not ended; mount that store with this cache path cache_path={}"
                                + " store={} from={} to={}",
                        disk.path(),
                        names.store(),
                        names.from(),
                        names.to());
                record.close();
            }
        }
        return all;
    }

    private Optional<CachedContent> takeOver(CacheDisk disk, int slot, PendingFile file) {
        try {
            SparseContent content = newContent(null, Place.kept(disk, slot), origin(disk), false, budget);
            content.takeOver();
            return Optional.of(new ContentHandle(this, content));
        } catch (ForebayException unusable) {
            LOG.error(
                    "a file that is not in the store cannot be read cache_path={} slot={} name={} reason={}",
                    disk.path(),
                    slot,
                    file.name(),
                    unusable.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public long freeBytes() {
        return disks.freeBytes();
    }

    @Override
    public long totalBytes() {
        return disks.totalBytes();
    }

    /** A gauge: contents that somebody has open. */
    public int inUse() {
        return table.inUse();
    }

    /** A gauge: contents that nobody has open, and that the next one to open finds here. */
    public int resting() {
        return disks.resting() + table.lingering();
    }

    /** What is in this cache. */
    public CacheInventory inventory() {
        return new SparseFileInventory(disks, table);
    }

    /** A counter: entries on disk that were not what they must be, and were left out. */
    public long damaged() {
        return disks.damaged();
    }

    /** A gauge: disks that failed and were taken out. */
    public int failedDisks() {
        return disks.failed().size();
    }

    @Override
    public void close() {
        eviction.close();
        List<SparseContent> left = new ArrayList<>();
        for (ReentrantLock door : doors) {
            door.lock(); // once we had it, whoever comes through it finds the table closed
            try {
                left.addAll(table.close());
            } finally {
                door.unlock();
            }
        }
        for (SparseContent content : left) {
            Optional<BlobVersion> clean = settle(content);
            if (stays(content)) {
                continue; // what is kept may be clean: then it waits for other attributes
            }
            if (clean.isPresent() && content.isShared()) {
                content.stopFetching();
                end(content, leave(content, clean.get()));
            } else {
                free(content);
            }
        }
        disks.close();
    }

    private static boolean stays(SparseContent content) {
        try {
            return content.stay();
        } catch (ForebayException failure) {
            LOG.debug("content that was kept was not closed reason={}", failure.getMessage());
            return true;
        }
    }

    /** Content that may be changed instead of {@code shared}; takes over the caller's reference to it. */
    SparseContent detach(SparseContent shared) throws ForebayException {
        if (table.detachAlone(shared)) {
            shared.hide();
            shared.setShared(false);
            return shared;
        }
        BlobVersion version = shared.version().orElseThrow();
        Place place = disks.newHiddenPlace(version);
        if (shared.place().isPinned()) { // what is pinned is the file, and the copy is what it is going to be
            place.pin(0);
            shared.place().unpin();
        }
        Origin sibling = new SiblingOrigin(shared, Origin.of(source), () -> release(shared, Stake.USE));
        return newContent(version, place, sibling, false, copyBudget);
    }

    /** The same version on another disk than that of {@code lost}, which failed; takes over the caller's reference. */
    SparseContent replace(SparseContent lost) throws ForebayException {
        BlobVersion version = lost.version().orElseThrow();
        table.forsake(lost);
        SparseContent replacement = acquire(version, Stake.USE);
        release(lost, Stake.USE);
        return replacement;
    }

    void register(BlobVersion version, SparseContent content) {
        table.register(version, content);
    }

    void rebase(SparseContent content, BlobVersion version) {
        table.rebase(content, version);
    }

    void release(SparseContent content, Stake stake) {
        if (table.releaseUnlessLast(content, stake)) {
            return;
        }
        Optional<BlobVersion> kept = settle(content);
        switch (table.release(content, stake, kept)) {
            case USED -> {}
            case LINGERS -> content.whenIdle(() -> retire(content, kept.orElseThrow()));
            case FREE -> free(content);
        }
    }

    /** The version under which content can rest whose last user is about to go; empty if it cannot. */
    private static Optional<BlobVersion> settle(SparseContent content) {
        try {
            return content.settle();
        } catch (ForebayException failure) {
            LOG.debug("cached content is not kept reason={}", failure.getMessage());
            return Optional.empty();
        }
    }

    /** Content that nobody uses, and that nothing is fetched for, goes to rest. */
    private void retire(SparseContent content, BlobVersion version) {
        boolean retired;
        boolean rests = false;
        ReentrantLock door = doorOf(VersionKey.of(version));
        door.lock();
        try {
            retired = table.retire(content);
            if (retired) {
                rests = leave(content, version);
            }
        } finally {
            door.unlock();
        }
        if (retired) {
            end(content, rests);
        }
    }

    private boolean leave(SparseContent content, BlobVersion version) {
        try {
            return !disks.isResting(VersionKey.of(version)) && content.leave(version);
        } catch (ForebayException failure) {
            LOG.debug("cached content is not kept reason={}", failure.getMessage());
            return false;
        }
    }

    /** What can lead through another door: the caller is in none. */
    private static void end(SparseContent content, boolean rests) {
        if (rests) {
            content.letOriginGo();
        } else {
            free(content);
        }
    }

    /** A place for content that nobody has yet; where a disk is full, after eviction has looked there. */
    private Place hiddenPlace() throws ForebayException {
        try {
            return disks.newHiddenPlace(null);
        } catch (ForebayException.NoSpace full) {
            boolean relieved = false;
            for (CacheDisk disk : disks.working()) {
                relieved |= disk.room().relieve();
            }
            for (CacheDisk disk : disks.working()) {
                relieved = relieved || relieve(disk, 0);
            }
            if (!relieved) {
                throw full;
            }
            return disks.newHiddenPlace(null);
        }
    }

    /** Removes, on each disk, so many {@code files} that are to be given up next. */
    void evictNext(int files) {
        for (CacheDisk disk : disks.working()) {
            for (int removed = 0; removed < files && disk.discardNext(); removed++) {}
        }
    }

    /**
     * Waits for room on the disk of {@code content}, for as long as others are uploaded from there; false if none was made,
     * and none is to come.
     */
    boolean relieve(SparseContent content) throws ForebayException {
        return relieve(content.place().disk(), content.place().isKept() ? 1 : 0);
    }

    /** @param ownUploads contents that are on that disk only and must not be waited for */
    private static boolean relieve(CacheDisk disk, int ownUploads) throws ForebayException {
        DiskRoom room = disk.room();
        long uploads = room.uploads();
        if (room.relieve()) {
            return true;
        }
        boolean others = disk.journal().pending().size() > ownUploads;
        if ((!others && room.uploads() == uploads) || !room.awaitUpload(uploads)) {
            return false;
        }
        room.relieveSoon();
        return true;
    }

    /** As {@link CachedContent#read}, where there is no room to keep what is missing. */
    int readThrough(SparseContent content, long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        return new ReadThrough(content.state, content.place().file(), source).read(offset, target, deadline);
    }

    /** Whether the kernel may write {@code content} without asking: it does not know what must stay free. */
    boolean mayLendForWriting(SparseContent content) throws ForebayException {
        return !content.isOnNearlyFullDisk()
                || (content.place().disk().room().relieve() && !content.isOnNearlyFullDisk());
    }

    /** Where content on {@code disk} gets what it misses. */
    private Origin origin(CacheDisk disk) {
        return new BoundedOrigin(disk.room(), Origin.of(source));
    }

    private SparseContent newContent(
            @Nullable BlobVersion version, Place place, Origin origin, boolean editable, FetchBudget fetches)
            throws ForebayException {
        SparseContent content = new SparseContent(version, place, origin, editable, fetches, space, settings, clock);
        boolean added = false;
        try {
            table.add(content);
            added = true;
            return content;
        } finally {
            if (!added && !place.isKept()) {
                place.remove();
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
