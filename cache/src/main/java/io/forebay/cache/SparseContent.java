package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One sparse file with its page map, shared by all handles that opened its version.
 *
 * <p>Whatever changes it ({@link #write}, {@link #resize}, a commit, a loan for writing) refuses while the content
 * is shared: the caller then detaches it and asks again.
 */
final class SparseContent {
    /** Longer writes are made in parts of this size, so that readers get in between; a whole number of pages. */
    private static final int WRITE_PART_BYTES = 1 << 20;

    final ContentState state;
    private final Place place;
    private final SparseFile file;
    private final PageFetcher fetcher;
    private final Borrowing borrowing;
    private final ContentReader reader;
    private final ChangeGate gate;
    private final ContentUpload upload;

    /** How many handles, detached copies and visitors use it; guarded by the version table's lock. */
    int references = 1;

    /** How many of those only bring pages, and have no say in what becomes of it; guarded like {@link #references}. */
    int visits;

    /** @param editable whether what is missing comes from the version itself, as it is in the store */
    SparseContent(
            @Nullable BlobVersion version,
            Place place,
            Origin origin,
            boolean editable,
            FetchBudget budget,
            FileSpace space,
            CacheSettings settings,
            Clock clock) {
        this.state = new ContentState(version);
        this.place = place;
        this.file = place.file();
        this.fetcher = new PageFetcher(state, place, origin, budget, settings, clock);
        this.borrowing = new Borrowing(state, file, fetcher);
        this.gate = new ChangeGate(state);
        this.reader = new ContentReader(
                state, file, fetcher, new PassedPages(state, place, fetcher, space), budget, settings, clock);
        this.upload = new ContentUpload(state, place, fetcher, borrowing, reader, gate, editable, space);
    }

    Place place() {
        return place;
    }

    long sizeBytes() {
        return state.sizeBytes();
    }

    Optional<BlobVersion> version() {
        state.lock.lock();
        try {
            return Optional.ofNullable(state.version);
        } finally {
            state.lock.unlock();
        }
    }

    /** As {@link CachedContent#unchangedVersion}. */
    Optional<BlobVersion> unchangedVersion() {
        state.lock.lock();
        try {
            boolean unchanged = !state.dirty && state.writingLoan == null;
            return unchanged ? Optional.ofNullable(state.version) : Optional.empty();
        } finally {
            state.lock.unlock();
        }
    }

    boolean isDirty() {
        return state.isDirty();
    }

    /** Whether there are changes, or may be some by borrowers of which nothing is known yet. */
    boolean mayHaveChanges() {
        return state.mayHaveChanges();
    }

    /** Says whether others have, or can get, this content by its version. */
    void setShared(boolean shared) {
        state.setShared(shared);
    }

    boolean isShared() {
        return state.isShared();
    }

    /** As {@link CachedContent#rebase}. */
    void rebase(BlobVersion version) {
        state.lock.lock();
        try {
            state.version = version;
        } finally {
            state.lock.unlock();
        }
    }

    /** Believes what is written down of its pages. For whoever makes it, before others have it. */
    void believePlace() throws ForebayException {
        state.lock.lock();
        try {
            place.showPages(state.pages);
        } finally {
            state.lock.unlock();
        }
    }

    /** Whether its disk has failed, so that nothing more is to be had from here. */
    boolean isLost() {
        return place.disk().hasFailed();
    }

    boolean isOnNearlyFullDisk() {
        return place.disk().directory().isNearlyFull();
    }

    /** Sees to it that nothing on disk says what this content is. */
    void hide() throws ForebayException {
        place.settle();
        place.hide();
    }

    /** As {@link CachedContent#letGo}. */
    void letGo() throws ForebayException {
        place.letGo();
        if (borrowing.writingLoan() != null) {
            place.settle(); // a borrower does not say when he changes it
        }
    }

    /** As {@link CachedContent#isPresent}. */
    boolean isPresent(long offset, int length) {
        state.lock.lock();
        try {
            long end = PageMap.pagesUpTo(Math.min(state.sizeBytes, offset + length));
            return offset < 0
                    || end <= PageMap.pageOf(offset)
                    || state.pages.firstMissing(PageMap.pageOf(offset), end) == end;
        } finally {
            state.lock.unlock();
        }
    }

    /** As {@link CachedContent#read}. */
    int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        checkOffset(offset);
        return reader.read(offset, target, deadline);
    }

    /** As {@link CachedContent#readInPlace}. */
    boolean readInPlace(long offset, int lengthBytes, FileRegion.Reader target) throws ForebayException {
        checkOffset(offset);
        return reader.readInPlace(offset, lengthBytes, target);
    }

    /** As {@link CachedContent#write}; false, with a prefix of {@code source} taken, if the content is shared. */
    boolean write(long offset, ByteBuffer source, Deadline deadline) throws ForebayException {
        checkOffset(offset);
        checkSize(offset, source.remaining());
        long at = offset;
        while (source.hasRemaining()) {
            int length = (int) Math.min(source.remaining(), WRITE_PART_BYTES - at % WRITE_PART_BYTES);
            ByteBuffer part = source.slice(source.position(), length);
            fetchPartialPages(at, at + length, deadline);
            long from = at;
            if (!gate.exclusively(deadline, () -> writeNow(from, part))) {
                return false;
            }
            source.position(source.position() + length);
            at += length;
        }
        return true;
    }

    /** Fetches the first and the last page of a change, where it leaves some of their bytes as they are. */
    void fetchPartialPages(long from, long to, Deadline deadline) throws ForebayException {
        for (long page : new long[] {PageMap.pageOf(from), PageMap.pageOf(to - 1)}) {
            if (!isCovered(page, from, to)) {
                fetcher.require(page, page + 1, deadline);
            }
        }
    }

    /** Whether the bytes {@code from} up to {@code to} are all that the page can have from the version. */
    private boolean isCovered(long page, long from, long to) {
        state.lock.lock();
        try {
            long start = page * PageMap.PAGE_BYTES;
            return from <= start && to >= Math.min(start + PageMap.PAGE_BYTES, state.pages.originBytes());
        } finally {
            state.lock.unlock();
        }
    }

    /** Writes all of {@code part}, or notes the prefix that was written. The caller has {@code bytes} exclusively. */
    private void writeNow(long offset, ByteBuffer part) throws ForebayException {
        try {
            file.write(offset, part);
        } catch (ForebayException failure) {
            noteWritten(offset, part.position());
            cutToSize(failure);
            throw failure;
        }
        noteWritten(offset, part.position());
        borrowing.forgetOwnChange();
    }

    void noteWritten(long offset, long length) {
        if (length == 0) {
            return;
        }
        long end = offset + length;
        state.lock.lock();
        try {
            boolean toTheEnd = end >= state.pages.originBytes();
            long endPage = toTheEnd ? PageMap.pagesUpTo(end) : PageMap.pageOf(end);
            state.pages.markPresent(PageMap.pagesUpTo(offset), endPage);
            state.changedPages.mark(PageMap.pageOf(offset), PageMap.pagesUpTo(end));
            state.sizeBytes = Math.max(state.sizeBytes, end);
            state.dirty = true;
        } finally {
            state.lock.unlock();
        }
    }

    /** Removes bytes behind the end that a failed write may have left: a later growth would show them. */
    private void cutToSize(ForebayException failure) {
        try {
            file.setLength(sizeBytes());
        } catch (ForebayException second) {
            failure.addSuppressed(second);
        }
    }

    /** As {@link CachedContent#resize}; false if the content is shared. */
    boolean resize(long sizeBytes, Deadline deadline) throws ForebayException {
        checkOffset(sizeBytes);
        checkSize(sizeBytes, 0);
        borrowing.look();
        return sizeBytes == sizeBytes() || gate.exclusively(deadline, () -> resizeNow(sizeBytes));
    }

    /** Extends it, if it is shorter, and notes a change in any case. The caller has {@code bytes} exclusively. */
    void growNow(long atLeastBytes) throws ForebayException {
        borrowing.look();
        setSize(Math.max(sizeBytes(), atLeastBytes));
    }

    private void resizeNow(long sizeBytes) throws ForebayException {
        borrowing.look();
        if (sizeBytes != sizeBytes()) {
            setSize(sizeBytes);
        }
    }

    private void setSize(long sizeBytes) throws ForebayException {
        file.setLength(sizeBytes);
        if (sizeBytes < sizeBytes()) {
            place.cut(sizeBytes);
        }
        state.lock.lock();
        try {
            state.pages.cutOrigin(sizeBytes);
            state.changedPages.mark(
                    PageMap.pageOf(Math.min(sizeBytes, state.sizeBytes)), PageMap.pagesUpTo(state.sizeBytes));
            state.sizeBytes = sizeBytes;
            state.dirty = true;
            fetcher.wakeAll();
        } finally {
            state.lock.unlock();
        }
        borrowing.forgetOwnChange();
    }

    /** As {@link CachedContent#keep}; false, with nothing done, if there are no changes. */
    boolean keep(PendingFile what, boolean durable, Deadline fetchDeadline) throws ForebayException {
        borrowing.look();
        if (!isDirty() && !place.isKept()) {
            return false;
        }
        fill(fetchDeadline);
        if (durable) {
            long forcedBytes = file.length(); // before: what the kernel appends meanwhile is not forced
            file.force();
            place.keepSynced(what, forcedBytes);
        } else {
            place.keep(what);
        }
        return true;
    }

    /** Takes over what an earlier process left in the file. For whoever makes it, before others have it. */
    void takeOver() throws ForebayException {
        setSize(file.length());
    }

    /** Ends all use. @return whether what is here stays, since it is nowhere else */
    boolean stay() throws ForebayException {
        if (!place.isKept()) {
            return false;
        }
        end();
        letOriginGo();
        place.stay();
        return true;
    }

    Borrowing borrowing() {
        return borrowing;
    }

    ContentUpload upload() {
        return upload;
    }

    SpaceEdits space(FileSpace space) {
        return new SpaceEdits(this, gate, state, file, borrowing, space);
    }

    /**
     * Nobody uses it any more.
     *
     * @return the version that it still is, for whoever asks for that next; empty if it is of no use to anybody
     */
    Optional<BlobVersion> settle() throws ForebayException {
        borrowing.end();
        reader.stopAhead();
        state.lock.lock();
        try {
            return state.dirty || state.closed ? Optional.empty() : Optional.ofNullable(state.version);
        } finally {
            state.lock.unlock();
        }
    }

    /** Runs {@code action} when nothing is being fetched, unless somebody waits for what is: then now. */
    void whenIdle(Runnable action) {
        if (fetcher.isWaitedFor()) {
            action.run();
        } else {
            fetcher.whenIdle(action);
        }
    }

    /** Stops fetching; what has arrived is written down when this returns. */
    void stopFetching() {
        fetcher.stopAndAwait();
    }

    /**
     * Ends all use, and leaves the bytes on disk as that version; {@link #letOriginGo} is to follow.
     *
     * @return false if nothing of it is worth to stay; it is to be {@linkplain #free freed} then
     */
    boolean leave(BlobVersion version) throws ForebayException {
        end();
        state.bytes.writeLock().lock(); // a write that was under way has left its mark when this is had
        try {
            boolean whole = reader.isWhole();
            return !isDirty() && place.leave(version, whole);
        } finally {
            state.bytes.writeLock().unlock();
        }
    }

    /** As {@link CachedContent#fill}. */
    void fill(Deadline deadline) throws ForebayException {
        reader.fill(deadline);
    }

    /** As {@link ContentCache#bring}. */
    void bring(Deadline deadline) throws ForebayException {
        fetcher.bringAll(deadline);
    }

    /** Fetches what is missing, in room that the caller has taken, and returns when that has ended, well or not. */
    void prefetchWhole(Deadline deadline) throws ForebayException {
        reader.prefetchWhole(deadline);
    }

    /** As {@link ContentCache#pin}: what is here is written down, pinned, when this returns. */
    void pin(long usedSeconds, Deadline deadline) throws ForebayException {
        reader.awaitFetches(deadline);
        place.pin(usedSeconds);
    }

    /** Says that no page is needed any more from where this content came. */
    void letOriginGo() {
        fetcher.nothingIsMissing();
    }

    /** Ends all use and deletes the file. */
    void free() throws ForebayException {
        end();
        letOriginGo();
        place.remove();
    }

    private void end() {
        state.lock.lock();
        try {
            state.closed = true;
            state.announce();
        } finally {
            state.lock.unlock();
        }
        reader.stopAhead();
        fetcher.stop();
    }

    static void checkOffset(long offset) throws ForebayException {
        if (offset < 0) {
            throw new ForebayException.InvalidArgument("a file has no offset or size " + offset);
        }
    }

    static void checkSize(long offset, long length) throws ForebayException {
        if (length > BlobStore.MAX_BLOB_BYTES - offset) {
            throw new ForebayException.TooLarge("a blob has at most " + BlobStore.MAX_BLOB_BYTES
                    + " bytes; this would be " + length + " bytes at " + offset);
        }
    }
}
