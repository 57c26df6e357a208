package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One sparse file with its page map, shared by all handles that opened its version.
 *
 * <p>Whatever changes it ({@link #write}, {@link #resize}, {@link #commit}, a loan for writing) refuses while the content
 * is shared: the caller then detaches it and asks again.
 */
final class SparseContent {
    /** Longer writes are made in parts of this size, so that readers get in between; a whole number of pages. */
    private static final int WRITE_PART_BYTES = 1 << 20;

    private final ContentState state;
    private final SparseFile file;
    private final PageFetcher fetcher;
    private final Borrowing borrowing;
    private final ReadAhead readAhead;
    private final CacheSettings settings;

    /** How many handles and detached copies use it; guarded by the version table's lock. */
    int references = 1;

    SparseContent(
            @Nullable BlobVersion version,
            SparseFile file,
            Origin origin,
            FetchBudget budget,
            CacheSettings settings,
            Clock clock) {
        this.state = new ContentState(version);
        this.file = file;
        this.fetcher = new PageFetcher(state, file, origin, budget, settings, clock);
        this.borrowing = new Borrowing(state, file, fetcher);
        this.readAhead = new ReadAhead(settings);
        this.settings = settings;
    }

    long sizeBytes() {
        state.lock.lock();
        try {
            return state.sizeBytes;
        } finally {
            state.lock.unlock();
        }
    }

    Optional<BlobVersion> version() {
        state.lock.lock();
        try {
            return Optional.ofNullable(state.version);
        } finally {
            state.lock.unlock();
        }
    }

    boolean isDirty() {
        state.lock.lock();
        try {
            return state.dirty;
        } finally {
            state.lock.unlock();
        }
    }

    /** Says whether others have, or can get, this content by its version. */
    void setShared(boolean shared) {
        state.lock.lock();
        try {
            state.shared = shared;
        } finally {
            state.lock.unlock();
        }
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
        if (!target.hasRemaining()) {
            return 0;
        }
        ReadAhead.Window window = readAhead.note(offset, target.remaining());
        int count = copyIfPresent(offset, target);
        while (count < 0) {
            long end = Math.min(sizeBytes(), offset + target.remaining());
            fetcher.require(PageMap.pageOf(offset), PageMap.pagesUpTo(end), window.demandBytes(), deadline);
            count = copyIfPresent(offset, target);
        }
        if (window.aheadBytes() > 0) {
            lookAhead(window);
        }
        return count;
    }

    /** As {@link CachedContent#readInPlace}. */
    boolean readInPlace(long offset, int lengthBytes, FileRegion.Reader reader) throws ForebayException {
        checkOffset(offset);
        state.bytes.readLock().lock();
        try {
            int count = readable(offset, lengthBytes);
            if (count <= 0) {
                return false;
            }
            reader.read(new Region(file, offset, count));
        } finally {
            state.bytes.readLock().unlock();
        }
        // A read that is refused is not noted: it comes again as a copy, and would look like a step back.
        ReadAhead.Window window = readAhead.note(offset, lengthBytes);
        if (window.aheadBytes() > 0) {
            lookAhead(window);
        }
        return true;
    }

    private record Region(SparseFile file, long offset, int lengthBytes) implements FileRegion {
        @Override
        public void transferTo(WritableByteChannel target) throws ForebayException {
            file.transferTo(offset, lengthBytes, target);
        }
    }

    /** Copies from the file what {@code target} has room for; -1 if a page of it is missing. */
    private int copyIfPresent(long offset, ByteBuffer target) throws ForebayException {
        state.bytes.readLock().lock();
        try {
            int count = readable(offset, target.remaining());
            if (count > 0) {
                file.read(offset, target.slice(target.position(), count));
                target.position(target.position() + count);
            }
            return count;
        } finally {
            state.bytes.readLock().unlock();
        }
    }

    /** How many bytes there are from {@code offset} on, at most {@code most}; -1 if a page of them is missing. */
    private int readable(long offset, int most) throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            int count = Math.clamp(state.sizeBytes - offset, 0, most);
            long end = PageMap.pagesUpTo(offset + count);
            return state.pages.firstMissing(PageMap.pageOf(offset), end) < end ? -1 : count;
        } finally {
            state.lock.unlock();
        }
    }

    /** Keeps between half a window and one and a half ahead of a stream, so that no fetch is small. */
    private void lookAhead(ReadAhead.Window window) {
        long near = PageMap.pagesUpTo(window.end() + window.aheadBytes() / 2);
        fetcher.prefetch(PageMap.pageOf(window.end()), near, window.aheadBytes());
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
            if (!exclusively(deadline, () -> writeNow(from, part))) {
                return false;
            }
            source.position(source.position() + length);
            at += length;
        }
        return true;
    }

    /** Fetches the first and the last page of a change, where it leaves some of their bytes as they are. */
    private void fetchPartialPages(long from, long to, Deadline deadline) throws ForebayException {
        for (long page : new long[] {PageMap.pageOf(from), PageMap.pageOf(to - 1)}) {
            if (!isCovered(page, from, to)) {
                fetcher.require(page, page + 1, 0, deadline);
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

    private void noteWritten(long offset, int length) {
        if (length == 0) {
            return;
        }
        long end = offset + length;
        state.lock.lock();
        try {
            boolean toTheEnd = end >= state.pages.originBytes();
            long endPage = toTheEnd ? PageMap.pagesUpTo(end) : PageMap.pageOf(end);
            state.pages.markPresent(PageMap.pagesUpTo(offset), endPage);
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
        return sizeBytes == sizeBytes() || exclusively(deadline, () -> resizeNow(sizeBytes));
    }

    private void resizeNow(long sizeBytes) throws ForebayException {
        borrowing.look();
        if (sizeBytes == sizeBytes()) {
            return;
        }
        file.setLength(sizeBytes);
        state.lock.lock();
        try {
            state.pages.cutOrigin(sizeBytes);
            state.sizeBytes = sizeBytes;
            state.dirty = true;
            state.announce();
        } finally {
            state.lock.unlock();
        }
        borrowing.forgetOwnChange();
    }

    /**
     * As {@link CachedContent#commit}; empty, with nothing sent, if the content is shared.
     *
     * @param beforeThaw told of the new version while the content still holds still
     */
    Optional<BlobVersion> commit(CachedContent.Upload upload, Deadline fetchDeadline, Consumer<BlobVersion> beforeThaw)
            throws ForebayException {
        if (!exclusively(fetchDeadline, () -> setFrozen(true))) {
            return Optional.empty();
        }
        try {
            fill(fetchDeadline);
            long borrowersWrites = borrowing.lookBeforeSending();
            BlobVersion version = send(upload);
            becomeClean(version, borrowersWrites);
            if (borrowing.writingLoan() == null) {
                beforeThaw.accept(version);
            }
            return Optional.of(version);
        } finally {
            setFrozen(false);
        }
    }

    private BlobVersion send(CachedContent.Upload upload) throws ForebayException {
        FrozenImage image = new FrozenImage(file, sizeBytes());
        try {
            BlobVersion version = upload.send(image);
            if (version.lengthBytes() != image.sizeBytes()) {
                throw new ForebayException.Corrupt("the store has " + version.lengthBytes() + " bytes of "
                        + version.name() + " after " + image.sizeBytes() + " were sent");
            }
            return version;
        } finally {
            image.thaw();
        }
    }

    private void setFrozen(boolean frozen) {
        state.lock.lock();
        try {
            state.frozen = frozen;
            state.announce();
        } finally {
            state.lock.unlock();
        }
    }

    /** All bytes are here and in the store, but for those of a borrower since; so from now on nothing can be missing. */
    private void becomeClean(BlobVersion version, long borrowersWrites) {
        state.lock.lock();
        try {
            state.version = version;
            state.dirty = state.borrowersWrites != borrowersWrites;
            state.pages.cutOrigin(0);
        } finally {
            state.lock.unlock();
        }
        fetcher.nothingIsMissing();
    }

    Borrowing borrowing() {
        return borrowing;
    }

    /**
     * Nobody uses it any more.
     *
     * @return the version that it still is, for whoever asks for that next; empty if it is of no use to anybody, or if
     *     somebody was left waiting for a fetch, whom only the end of this content can let go
     */
    Optional<BlobVersion> settle() throws ForebayException {
        borrowing.end();
        boolean waitedFor = fetcher.isWaitedFor();
        state.lock.lock();
        try {
            return state.dirty || state.closed || waitedFor ? Optional.empty() : Optional.ofNullable(state.version);
        } finally {
            state.lock.unlock();
        }
    }

    /** Holds no descriptor until it is used again. */
    void rest() throws ForebayException {
        file.rest();
    }

    /** As {@link CachedContent#fill}. */
    void fill(Deadline deadline) throws ForebayException {
        long windowBytes = settings.largestFetch().bytes();
        for (long page = firstMissing(0); page < originPages(); page = firstMissing(page)) {
            long next = page + PageMap.pageOf(windowBytes);
            fetcher.prefetch(next, next + 1, windowBytes);
            fetcher.require(page, Math.min(originPages(), next), 0, deadline);
        }
    }

    private long firstMissing(long from) {
        state.lock.lock();
        try {
            return state.pages.firstMissing(from, PageMap.pagesUpTo(state.pages.originBytes()));
        } finally {
            state.lock.unlock();
        }
    }

    private long originPages() {
        state.lock.lock();
        try {
            return PageMap.pagesUpTo(state.pages.originBytes());
        } finally {
            state.lock.unlock();
        }
    }

    /**
     * Makes {@code change} while nobody copies bytes in or out, waiting for a freeze to end first.
     *
     * @return false, with nothing done, if the content is shared
     */
    private boolean exclusively(Deadline deadline, Change change) throws ForebayException {
        while (true) {
            state.bytes.writeLock().lock();
            try {
                switch (obstacle()) {
                    case NONE -> {
                        change.make();
                        return true;
                    }
                    case SHARED -> {
                        return false;
                    }
                    case FROZEN -> {}
                }
            } finally {
                state.bytes.writeLock().unlock();
            }
            awaitThaw(deadline);
        }
    }

    private Obstacle obstacle() throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            if (state.frozen) {
                return Obstacle.FROZEN;
            }
            return state.shared ? Obstacle.SHARED : Obstacle.NONE;
        } finally {
            state.lock.unlock();
        }
    }

    private void awaitThaw(Deadline deadline) throws ForebayException {
        state.lock.lock();
        try {
            state.await(() -> !state.frozen, "the upload of this content", deadline);
        } finally {
            state.lock.unlock();
        }
    }

    /** Ends all use and deletes the file. */
    void free() throws ForebayException {
        state.lock.lock();
        try {
            state.closed = true;
            state.announce();
        } finally {
            state.lock.unlock();
        }
        fetcher.stop();
        file.close();
    }

    private static void checkOffset(long offset) throws ForebayException {
        if (offset < 0) {
            throw new ForebayException.InvalidArgument("a file has no offset or size " + offset);
        }
    }

    private static void checkSize(long offset, long length) throws ForebayException {
        if (length > BlobStore.MAX_BLOB_BYTES - offset) {
            throw new ForebayException.TooLarge("a blob has at most " + BlobStore.MAX_BLOB_BYTES
                    + " bytes; this would be " + length + " bytes at " + offset);
        }
    }

    /** What may stand in the way of a change. */
    private enum Obstacle {
        NONE,
        FROZEN,
        SHARED
    }

    /** A change of bytes or of the right to change them. */
    @FunctionalInterface
    private interface Change {
        void make() throws ForebayException;
    }
}
