package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one content on a cache disk while it is used: its file, and what is written down of it.
 *
 * <p>Written down is which pages of a version the file holds, and their checksums: in the slot for small content, else in
 * a page file. It is done in an order that a process may die in anywhere: bytes, then their checksums, then the slot that
 * claims them; and a slot is freed before bytes change or files go. Content that may be changed is <em>hidden</em>: no
 * slot claims it, though its checksums are kept for the day when it is clean.
 *
 * <p>Safe for use by many threads.
 */
final class Place implements PageSum.Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Place.class);

    private static final long NOT_SYNCED = -1;

    /** The time of the last use is kept as exactly as this, to save a write for each use. */
    private static final long USE_SECONDS = 60;

    private final CacheDisk disk;
    private final int slot;
    private final SparseFile file;

    /** What the slot says, or would say; null while that is nothing. Guarded by this, like what follows. */
    private @Nullable BlobVersion version;

    private boolean hidden;
    /** Whether the slot on disk claims the content. */
    private boolean recorded;
    /** The content ended, and does not use this place any more. */
    private boolean left;

    /** Whether the journal says that what is here is nowhere else. */
    private boolean kept;

    /** How much of what is kept was on stable storage at some time, and not cut off since; -1 if nothing is left of that. */
    private long syncedBytes = NOT_SYNCED;

    /** Nothing that was fetched counts any more: all checksums come from {@link #beginAnew} on. */
    private boolean sealed;

    /** Eviction leaves it alone while it rests. */
    private boolean pinned;

    private int bootTag;
    private long lastUseSeconds;
    /** How many pages have checksums. */
    private int pages;
    /** How many the slot on disk says, if it claims the content. */
    private int recordedPages;
    /** The length of what the checksums are of. */
    private long lengthBytes;
    /** For content of up to 16 pages. */
    private final int[] sums = new int[SlotRecord.SUMS];
    /** For larger content, once there is one. */
    private @Nullable PageFile pageFile;

    private long generation;

    /** A place for content of which nothing is there yet, in an empty file. */
    Place(CacheDisk disk, int slot, SparseFile file, @Nullable BlobVersion version, boolean hidden) {
        this.disk = disk;
        this.slot = slot;
        this.file = file;
        this.version = version;
        this.hidden = hidden;
        this.bootTag = disk.boot().tag();
        this.lastUseSeconds = disk.nowSeconds();
        this.lengthBytes = version == null ? 0 : version.lengthBytes();
    }

    /**
     * The place of content that rested.
     *
     * @throws ForebayException.Corrupt if its files are not what its slot says
     */
    static Place reopened(CacheDisk disk, int slot, BlobVersion version, SlotRecord record, int[] sums)
            throws ForebayException {
        SparseFile file = disk.directory().restingFile(disk.contentFile(slot));
        boolean whole = false;
        try {
            long length = file.length();
            if (length != record.lengthBytes() || length != version.lengthBytes()) {
                throw new ForebayException.Corrupt(
                        file.path() + " has " + length + " bytes and not " + record.lengthBytes());
            }
            Place place = new Place(disk, slot, file, version, false);
            place.take(record, sums);
            whole = true;
            return place;
        } finally {
            if (!whole) {
                file.close();
            }
        }
    }

    /**
     * The place of content that an earlier process left, and that is nowhere else. What the machine's end may have spoiled at
     * its end is cut off.
     *
     * @throws ForebayException.Corrupt if its file is not there
     */
    static Place kept(CacheDisk disk, int slot) throws ForebayException {
        SparseFile file = disk.directory().existingFile(disk.contentFile(slot));
        Place place = new Place(disk, slot, file, null, true);
        place.kept = true;
        if (disk.journal().wasSynced(slot)) {
            long lengthBytes = file.length();
            place.syncedBytes =
                    Math.min(lengthBytes, disk.journal().sureBytes(slot).orElse(lengthBytes));
            if (place.syncedBytes < lengthBytes) {
                file.setLength(place.syncedBytes);
            }
        }
        return place;
    }

    private synchronized void take(SlotRecord record, int[] recordedSums) throws ForebayException {
        recorded = true;
        bootTag = record.bootTag();
        lastUseSeconds = record.lastUseSeconds();
        pages = record.pages();
        recordedPages = pages;
        pinned = record.pinned();
        generation = record.generation();
        if (isSmall()) {
            System.arraycopy(recordedSums, 0, sums, 0, sums.length);
            return;
        }
        PageFile old = new PageFile(disk.directory().existingFile(disk.pageFile(slot)));
        pageFile = old;
        old.check(PageMap.pagesUpTo(lengthBytes), generation);
        old.rest();
    }

    SparseFile file() {
        return file;
    }

    CacheDisk disk() {
        return disk;
    }

    /** Whether what is written down may be believed without looking at the bytes. */
    synchronized boolean isTrusted() {
        return bootTag == disk.boot().tag();
    }

    synchronized boolean isPinned() {
        return pinned;
    }

    /**
     * When it rests, eviction leaves it alone.
     *
     * @param usedSeconds the least that its last use is from now on
     */
    synchronized void pin(long usedSeconds) throws ForebayException {
        pinned = true;
        lastUseSeconds = Math.max(lastUseSeconds, usedSeconds);
        if (recorded) {
            record();
        }
    }

    /** Takes that back; false if it rests already. */
    synchronized boolean unpin() throws ForebayException {
        if (!left && pinned) {
            pinned = false;
            if (recorded) {
                record();
            }
        }
        return !left;
    }

    synchronized long lastUseSeconds() {
        return lastUseSeconds;
    }

    /** Marks in {@code map} which pages are there. */
    synchronized void showPages(PageMap map) throws ForebayException {
        if (isSmall()) {
            markPresent(map, 0, sums);
        } else if (pageFile != null) {
            pageFile.readAll(PageMap.pagesUpTo(lengthBytes), (first, part) -> markPresent(map, first, part));
            pageFile.rest();
            pages = (int) map.countPresent(0, PageMap.pagesUpTo(lengthBytes)); // the slot may say less
        }
    }

    private static void markPresent(PageMap map, long firstPage, int[] part) {
        for (int i = 0; i < part.length; i++) {
            int start = i;
            while (i < part.length && part[i] != PageSum.ABSENT) {
                i++;
            }
            if (i > start) {
                map.markPresent(firstPage + start, firstPage + i);
            }
        }
    }

    /** The checksums of some pages, as far as they are there. */
    synchronized int[] sums(long firstPage, int count) throws ForebayException {
        if (isSmall()) {
            return Arrays.copyOfRange(sums, (int) firstPage, (int) firstPage + count);
        }
        return pageFile == null ? new int[count] : pageFile.read(firstPage, count);
    }

    /** Writes down pages that were fetched into the file. What cannot be written down is fetched again one day. */
    synchronized void keepFetched(long firstPage, int[] arrived) {
        if (!sealed) {
            keep(firstPage, arrived);
        }
    }

    /** Writes down pages whose bytes are in the file. */
    @Override
    public synchronized void keep(long firstPage, int[] arrived) {
        boolean fits = firstPage + arrived.length <= PageMap.pagesUpTo(lengthBytes);
        if (left || !fits || arrived.length == 0 || disk.hasFailed()) {
            return;
        }
        try {
            if (isSmall()) {
                System.arraycopy(arrived, 0, sums, (int) firstPage, arrived.length);
            } else {
                pageFile().write(firstPage, arrived);
                pageFile().rest();
            }
            pages = (int) Math.min(pages + (long) arrived.length, PageMap.pagesUpTo(lengthBytes));
            if (!hidden && (isSmall() || isWorthRecording())) {
                record();
            }
        } catch (ForebayException failure) {
            LOG.debug("cached pages are not written down reason={}", failure.getMessage());
        }
    }

    /**
     * Whether the slot would say something else than it does: it counts the pages of large content, and so what is held
     * after a restart, at least by half, and exactly where all are there.
     */
    private boolean isWorthRecording() {
        return !recorded || pages >= 2L * recordedPages || pages == PageMap.pagesUpTo(lengthBytes);
    }

    /** Writes down that some pages of large content, which are written down, will be there no more. */
    synchronized void forget(long firstPage, long endPage) throws ForebayException {
        if (isSmall()) {
            throw new IllegalStateException("small content is kept whole");
        }
        pageFile().write(firstPage, new int[Math.toIntExact(endPage - firstPage)]);
        pageFile().rest();
        pages = (int) Math.max(0, pages - (endPage - firstPage));
    }

    private PageFile pageFile() throws ForebayException {
        PageFile present = pageFile;
        if (present == null) {
            present = new PageFile(disk.directory().newFile(disk.pageFile(slot)));
            generation = disk.nextGeneration();
            present.begin(PageMap.pagesUpTo(lengthBytes), generation);
            pageFile = present;
        }
        return present;
    }

    private boolean isSmall() {
        return SlotRecord.holdsSumsOf(lengthBytes);
    }

    private void record() throws ForebayException {
        BlobVersion now = version;
        if (now == null) {
            throw new IllegalStateException("content without a version cannot be written down");
        }
        SlotRecord record = new SlotRecord(
                VersionKey.of(now),
                lengthBytes,
                generation,
                bootTag,
                pages,
                lastUseSeconds,
                VersionKey.tagOf(now.container()),
                pinned,
                SlotRecord.Name.of(now.name()));
        disk.index().write(slot, record.encoded(sums));
        recorded = true;
        recordedPages = pages;
    }

    /** From now on the content may be changed: when this returns, nothing on disk claims what it was. */
    synchronized void hide() throws ForebayException {
        if (recorded) {
            disk.index().clear(slot);
            recorded = false;
        }
        hidden = true;
    }

    /** Notes in the journal that what is here is nowhere else, and what is to become of it. */
    void keep(PendingFile what) throws ForebayException {
        disk.journal().keep(slot, what, false, beginKeeping());
    }

    /**
     * The same, so that it outlives the machine's power.
     *
     * @param forcedBytes how many bytes are on stable storage
     */
    void keepSynced(PendingFile what, long forcedBytes) throws ForebayException {
        synchronized (this) {
            beginKeeping();
            syncedBytes = forcedBytes;
        }
        disk.journal().keep(slot, what, true, forcedBytes);
    }

    /** @return how much of it was synced before */
    private synchronized long beginKeeping() throws ForebayException {
        if (left) {
            throw new ForebayException.BadHandle("the content is closed");
        }
        hide();
        kept = true;
        return syncedBytes;
    }

    /** Whether the journal says that what is here is nowhere else. */
    synchronized boolean isKept() {
        return kept;
    }

    /** What is written behind {@code sizeBytes} from now on may be nothing but zeros after a power cut. */
    synchronized void cut(long sizeBytes) {
        syncedBytes = sizeBytes == 0 ? NOT_SYNCED : Math.min(syncedBytes, sizeBytes);
    }

    /**
     * What is here, and was let go, is about to change. Else after a power cut the journal might say that the changed bytes,
     * which nobody has saved yet, are to be uploaded.
     */
    void settle() throws ForebayException {
        disk.journal().settle(slot);
    }

    /** What is here is in the store, or wanted no more. */
    synchronized void letGo() throws ForebayException {
        if (kept) {
            disk.journal().done(slot);
            kept = false;
            syncedBytes = NOT_SYNCED;
            disk.room().uploaded();
        }
    }

    /** Ends all use; what is here stays for the next process. */
    synchronized void stay() throws ForebayException {
        end();
    }

    /**
     * Parts of the content are being read, to be another version of that length with the rest as it is: their checksums
     * come anew.
     *
     * @param changed the parts, as the first page and the one behind the last
     */
    void beginAgain(long sizeBytes, List<long[]> changed) throws ForebayException {
        synchronized (this) {
            hide();
            long before = PageMap.pagesUpTo(lengthBytes);
            long after = PageMap.pagesUpTo(sizeBytes);
            boolean lastIsCut = sizeBytes != lengthBytes;
            lengthBytes = sizeBytes;
            if (pageFile == null) {
                pages = 0;
                return;
            }
            pageFile.resize(after);
            if (lastIsCut) {
                forgetPages(Math.max(0, Math.min(before, after) - 1), Math.min(before, after));
            }
            for (long[] run : changed) {
                forgetPages(Math.min(run[0], after), Math.min(run[1], after));
            }
            pages = (int) Math.min(pages, after);
            pageFile.rest();
        }
    }

    private void forgetPages(long from, long to) throws ForebayException {
        for (long page = from; page < to && pageFile != null; page += FORGOTTEN_AT_ONCE) {
            int count = (int) Math.min(FORGOTTEN_AT_ONCE, to - page);
            pageFile.write(page, new int[count]);
            pages = Math.max(0, pages - count);
        }
    }

    private static final int FORGOTTEN_AT_ONCE = 4_096;

    /** The content is being read as a whole, to be another version of that length: its checksums come anew. */
    synchronized void beginAnew(long sizeBytes) throws ForebayException {
        hide();
        sealed = true;
        lengthBytes = sizeBytes;
        pages = 0;
        Arrays.fill(sums, PageSum.ABSENT);
        if (pageFile != null) {
            pageFile.close();
            pageFile = null;
        }
    }

    /**
     * The content is used no more, and clean: it rests from now on.
     *
     * @param whole whether every page that is written down was fetched or checked in this run of the machine
     * @return false if nothing of it is worth to be kept; then it is to be {@linkplain #remove removed}
     */
    boolean leave(BlobVersion clean, boolean whole) throws ForebayException {
        long prefix = VersionKey.of(clean).first();
        synchronized (this) {
            boolean fits = pages > 0
                    && clean.lengthBytes() == lengthBytes
                    && (file.isUntouched() || file.length() == lengthBytes);
            if (left || !fits) {
                return false;
            }
            letGo();
            writeLastWords(clean, whole);
            end();
        }
        int lastUse = Math.clamp(lastUseSeconds, 0, Integer.MAX_VALUE);
        disk.slots().rest(slot, prefix, pages, lastUse, clean.lengthBytes(), pinned);
        return true;
    }

    private void writeLastWords(BlobVersion clean, boolean whole) throws ForebayException {
        boolean renamed = !clean.equals(version);
        boolean checked = whole && !isTrusted();
        long now = disk.nowSeconds();
        version = clean;
        if (checked) {
            bootTag = disk.boot().tag();
        }
        boolean grown = pages != recordedPages;
        if (!recorded || renamed || checked || grown || now - lastUseSeconds >= USE_SECONDS) {
            lastUseSeconds = now;
            record();
        }
    }

    /** Frees the place and removes the files. */
    void remove() throws ForebayException {
        boolean free;
        synchronized (this) {
            end();
            if (disk.hasFailed()) {
                return;
            }
            hide();
            free = isLetGo();
        }
        if (free) {
            disk.removeFiles(slot);
        } else {
            disk.deleteFiles(slot); // and the slot stays taken, or its next content would be mistaken for this one
        }
    }

    private boolean isLetGo() {
        try {
            letGo();
            return true;
        } catch (ForebayException failure) {
            LOG.warn("the journal cannot be written slot={} reason={}", slot, failure.getMessage());
            return false;
        }
    }

    private void end() throws ForebayException {
        left = true;
        file.close();
        if (pageFile != null) {
            pageFile.close();
        }
    }
}
