package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache disk: a folder with content files, and an index of those that hold a version; docs/DISK_FORMAT.md has the
 * picture.
 *
 * <p>A content file keeps its path for as long as it is used, so that a path that was lent leads to nothing else. What
 * no slot of the index claims is of no use to anybody after this process: it is swept away by the next one.
 */
final class CacheDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheDisk.class);

    private static final String HEADER_NAME = "forebay.cache";
    private static final String INDEX_NAME = "index";
    private static final String CONTENT_FOLDER = "content";
    private static final HexFormat HEX = HexFormat.of();

    private final CacheDirectory directory;
    private final SlotIndex index;
    private final DiskSlots slots = new DiskSlots();
    private final Boot boot;
    private final Clock clock;
    /** The last one that was given out; begins anywhere, so that no two lives of a cache give out the same. */
    private final AtomicLong generations = new AtomicLong(UUID.randomUUID().getMostSignificantBits());

    private final AtomicLong damaged = new AtomicLong();
    private final Metrics metrics;
    private final OrphanSweep sweep;
    private final DiskRoom room;
    private final Journal journal;
    private final RenameFolder renames;

    private CacheDisk(CacheDirectory directory, SlotIndex index, DiskRoom room, Boot boot, Clock clock, Metrics metrics)
            throws ForebayException {
        this.journal = Journal.open(directory, boot, slots::giveBack);
        this.renames = RenameFolder.open(directory);
        this.room = room;
        this.metrics = metrics;
        this.directory = directory;
        this.index = index;
        this.boot = boot;
        this.clock = clock;
        this.sweep = new OrphanSweep(directory.path().resolve(CONTENT_FOLDER), slots, directory.health());
    }

    /** Says how much a disk may hold. */
    @FunctionalInterface
    interface Rooms {
        DiskRoom of(CacheDirectory directory);
    }

    /**
     * Takes the folder, with what is in it.
     *
     * @throws ForebayException.InvalidArgument if it cannot be written, or another process has it
     * @throws ForebayException.NoSpace if less than {@code reserve} is free
     */
    static CacheDisk open(Path folder, ByteSize reserve, Rooms rooms, Boot boot, Clock clock, Metrics metrics)
            throws ForebayException {
        CacheDirectory directory = CacheDirectory.claim(folder, reserve, boot.storage(), metrics);
        boolean opened = false;
        try {
            boolean old = hasHeader(directory);
            SparseFile file = directory.file(folder.resolve(INDEX_NAME));
            CacheDisk disk = new CacheDisk(directory, new SlotIndex(file), rooms.of(directory), boot, clock, metrics);
            if (old) {
                disk.scan();
            } else {
                file.setLength(0);
                disk.writeHeader();
            }
            disk.journal.pending().keySet().forEach(disk.slots::hold);
            if (!disk.journal.isDamaged()) {
                disk.sweep.start();
            }
            opened = true;
            return disk;
        } finally {
            if (!opened) {
                directory.close();
            }
        }
    }

    /** Whether the folder has a cache of this format; a warning is given where it has something else. */
    private static boolean hasHeader(CacheDirectory directory) throws ForebayException {
        Path file = directory.path().resolve(HEADER_NAME);
        try {
            Optional<CacheHeader> header = CacheHeader.decoded(Files.readAllBytes(file));
            boolean known =
                    header.filter(found -> found.format() == CacheHeader.FORMAT).isPresent();
            if (!known) {
                LOG.warn(
                        "cache cannot be used and is begun anew, its files are removed cache_path={} reason={}",
                        directory.path(),
                        header.map(found -> "it has the format " + found.format() + ", this version has "
                                        + CacheHeader.FORMAT)
                                .orElse("its header is damaged"));
            }
            return known;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException failure) {
            throw directory.health().failed("cannot read the header of the cache", file, failure);
        }
    }

    private void writeHeader() throws ForebayException {
        UUID id = UUID.randomUUID();
        CacheHeader header =
                new CacheHeader(CacheHeader.FORMAT, id.getMostSignificantBits(), id.getLeastSignificantBits());
        SparseFile file = directory.newFile(directory.path().resolve(HEADER_NAME));
        try {
            file.write(0, header.encoded());
        } finally {
            file.close();
        }
    }

    private void scan() throws ForebayException {
        int bad = index.scan(slots);
        if (bad > 0) {
            countDamaged(bad);
            LOG.warn("damaged entries of the cache are left out cache_path={} entries={}", directory.path(), bad);
        }
    }

    private void countDamaged(int entries) {
        damaged.addAndGet(entries);
        metrics.add(Metric.DAMAGED_ENTRIES, entries);
    }

    Path path() {
        return directory.path();
    }

    CacheDirectory directory() {
        return directory;
    }

    DiskRoom room() {
        return room;
    }

    DiskSlots slots() {
        return slots;
    }

    SlotIndex index() {
        return index;
    }

    Journal journal() {
        return journal;
    }

    RenameFolder renames() {
        return renames;
    }

    Boot boot() {
        return boot;
    }

    boolean hasFailed() {
        return directory.health().hasFailed();
    }

    /** A counter: entries that were not what they must be. */
    long damaged() {
        return damaged.get();
    }

    long nowSeconds() {
        return clock.now().getEpochSecond();
    }

    long nextGeneration() {
        return generations.incrementAndGet();
    }

    /** A place for content of {@code version}, with an empty file; what arrives of it is written down. */
    Place newPlace(BlobVersion version) throws ForebayException {
        return newPlace(version, false);
    }

    /** A place for content that may be changed, with an empty file; a version that it starts from, if there is one. */
    Place newHiddenPlace(@Nullable BlobVersion version) throws ForebayException {
        return newPlace(version, true);
    }

    private Place newPlace(@Nullable BlobVersion version, boolean hidden) throws ForebayException {
        directory.health().check();
        int slot = slots.take();
        boolean made = false;
        try {
            SparseFile file = directory.newFile(contentFile(slot));
            if (version != null) {
                file.setLength(version.lengthBytes());
            }
            made = true;
            return new Place(this, slot, file, version, hidden);
        } finally {
            if (!made) {
                slots.giveBack(slot);
            }
        }
    }

    /** The place where the content of that key rests, taken out of there; null if there is none that can be used. */
    @Nullable
    Place find(VersionKey key, BlobVersion version) {
        List<Runnable> others = new ArrayList<>();
        Place found = null;
        while (found == null && !hasFailed()) {
            int slot = slots.takeResting(key.first());
            if (slot == DiskSlots.NONE) {
                break;
            }
            try {
                ByteBuffer bytes = index.read(slot);
                SlotRecord record = SlotRecord.decoded(bytes);
                if (record.key().equals(key)) {
                    found = Place.reopened(this, slot, version, record, SlotRecord.sumsOf(bytes));
                } else {
                    others.add(() -> rest(slot, record));
                }
            } catch (ForebayException failure) {
                setAside(slot, failure);
            }
        }
        others.forEach(Runnable::run);
        return found;
    }

    private void rest(int slot, SlotRecord record) {
        slots.rest(
                slot,
                record.key().first(),
                record.pages(),
                Math.clamp(record.lastUseSeconds(), 0, Integer.MAX_VALUE),
                record.lengthBytes(),
                record.pinned());
    }

    /**
     * Content of that key that rests in that slot, pinned, rests as any other from now on; false if there is none. Who
     * opens it in that moment does not find it, and fetches it again.
     */
    boolean unpin(int slot, long prefix) {
        if (!slots.takePinned(slot, prefix)) {
            return false;
        }
        try {
            ByteBuffer bytes = index.read(slot);
            SlotRecord record = SlotRecord.decoded(bytes).unpinned();
            index.write(slot, record.encoded(SlotRecord.sumsOf(bytes)));
            rest(slot, record);
        } catch (ForebayException failure) {
            setAside(slot, failure);
        }
        return true;
    }

    private void setAside(int slot, ForebayException reason) {
        if (hasFailed()) {
            return;
        }
        countDamaged(1);
        LOG.warn(
                "a damaged entry of the cache is left out cache_path={} slot={} reason={}",
                directory.path(),
                slot,
                reason.getMessage());
        discard(slot);
    }

    /** Removes the content that is to be given up next; false if none rests. */
    boolean discardNext() {
        int slot = slots.giveUpNext(Integer.MAX_VALUE);
        if (slot == DiskSlots.NONE) {
            return false;
        }
        discard(slot);
        return true;
    }

    /** Frees a slot that the caller took, and removes its files; if that fails, the next process will. */
    void discard(int slot) {
        if (hasFailed()) {
            return;
        }
        try {
            index.clear(slot);
            removeFiles(slot);
        } catch (ForebayException failure) {
            LOG.warn("cached content stays on disk until the next start reason={}", failure.getMessage());
        }
    }

    /** Removes the files of a slot that is free on disk, and then lets others have it. */
    void removeFiles(int slot) throws ForebayException {
        deleteFiles(slot);
        journal.leave(slot);
    }

    /** Removes the files of a slot that nobody is to have again in this process. */
    void deleteFiles(int slot) throws ForebayException {
        directory.delete(contentFile(slot));
        directory.delete(pageFile(slot));
    }

    Path contentFile(int slot) {
        return contentFile(directory.path(), slot);
    }

    /** The file of that slot, in the cache in {@code folder}. */
    static Path contentFile(Path folder, int slot) {
        return file(folder, slot, OrphanSweep.CONTENT_SUFFIX);
    }

    Path pageFile(int slot) {
        return file(directory.path(), slot, OrphanSweep.PAGES_SUFFIX);
    }

    /** Files are spread over 256 folders, by the last byte of their slot. */
    private static Path file(Path folder, int slot, String suffix) {
        return folder.resolve(CONTENT_FOLDER)
                .resolve(HEX.toHexDigits((byte) slot))
                .resolve(HEX.toHexDigits(slot) + suffix);
    }

    /** Ends the sweep and gives the folder back. Whatever rests stays. */
    @Override
    public void close() {
        sweep.stop();
        journal.close();
        try {
            index.close();
        } catch (ForebayException failure) {
            LOG.debug("the index of a cache was not closed reason={}", failure.getMessage());
        }
        directory.close();
    }
}
