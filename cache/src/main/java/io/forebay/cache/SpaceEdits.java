package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** Takes room for one content, makes holes in it, and says where they are. As the content, it refuses while shared. */
final class SpaceEdits {
    /** Where no hole can be made zeros are written, and readers get in between parts of this size. */
    private static final int ZEROS_BYTES = 1 << 20;

    private final SparseContent content;
    private final ChangeGate gate;
    private final ContentState state;
    private final SparseFile file;
    private final Borrowing borrowing;
    private final FileSpace space;

    SpaceEdits(
            SparseContent content,
            ChangeGate gate,
            ContentState state,
            SparseFile file,
            Borrowing borrowing,
            FileSpace space) {
        this.content = content;
        this.gate = gate;
        this.state = state;
        this.file = file;
        this.borrowing = borrowing;
        this.space = space;
    }

    /** As {@link CachedContent#allocate}; false if the content is shared. */
    boolean allocate(long offset, long lengthBytes, boolean grow, Deadline deadline) throws ForebayException {
        SparseContent.checkOffset(offset);
        SparseContent.checkSize(offset, lengthBytes);
        return gate.exclusively(deadline, () -> {
            space.reserve(file.path(), offset, lengthBytes);
            if (grow) {
                content.growNow(offset + lengthBytes);
            }
        });
    }

    /** As {@link CachedContent#zero}; false if the content is shared. */
    boolean zero(long offset, long lengthBytes, boolean grow, Deadline deadline) throws ForebayException {
        SparseContent.checkOffset(offset);
        SparseContent.checkSize(offset, lengthBytes);
        borrowing.look();
        long end = grow ? offset + lengthBytes : Math.min(offset + lengthBytes, content.sizeBytes());
        if (end <= offset) {
            return true;
        }
        content.fetchPartialPages(offset, end, deadline);
        AtomicBoolean punched = new AtomicBoolean();
        return gate.exclusively(deadline, () -> punched.set(punchNow(offset, end)))
                && (punched.get() || writeZeros(offset, end, deadline));
    }

    /** The caller has {@code bytes} exclusively. */
    private boolean punchNow(long offset, long end) throws ForebayException {
        content.growNow(end);
        if (!space.punch(file.path(), offset, end - offset)) {
            return false;
        }
        content.noteWritten(offset, end - offset);
        borrowing.forgetOwnChange();
        return true;
    }

    private boolean writeZeros(long offset, long end, Deadline deadline) throws ForebayException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, end - offset));
        for (long at = offset; at < end; ) {
            int count = (int) Math.min(zeros.capacity(), end - at);
            if (!content.write(at, zeros.slice(0, count), deadline)) {
                return false;
            }
            at += count;
        }
        return true;
    }

    /** As {@link CachedContent#nextData}. */
    OptionalLong nextData(long offset) throws ForebayException {
        SparseContent.checkOffset(offset);
        borrowing.look();
        state.bytes.readLock().lock();
        try {
            long size = content.sizeBytes();
            for (long at = offset; at < size; ) {
                long end = presentUpTo(at, size);
                OptionalLong data = at < end ? space.nextData(file.path(), at) : OptionalLong.of(at);
                if (data.isPresent() && (at == end || data.getAsLong() < end)) {
                    return data;
                }
                at = end;
            }
            return OptionalLong.empty();
        } finally {
            state.bytes.readLock().unlock();
        }
    }

    /** As {@link CachedContent#nextHole}. */
    long nextHole(long offset) throws ForebayException {
        SparseContent.checkOffset(offset);
        borrowing.look();
        state.bytes.readLock().lock();
        try {
            long size = content.sizeBytes();
            for (long at = offset; at < size; ) {
                long end = presentUpTo(at, size);
                long hole = at < end ? space.nextHole(file.path(), at) : end;
                if (hole < end) {
                    return hole;
                }
                at = end < size ? missingUpTo(end, size) : size;
            }
            return size;
        } finally {
            state.bytes.readLock().unlock();
        }
    }

    /** Where the bytes that are here from {@code at} on end; {@code at} itself if it is missing. */
    private long presentUpTo(long at, long size) throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            long page = state.pages.firstMissing(PageMap.pageOf(at), PageMap.pagesUpTo(size));
            return Math.clamp(page * PageMap.PAGE_BYTES, at, size);
        } finally {
            state.lock.unlock();
        }
    }

    /** Where the bytes that are missing from {@code at} on, the start of a page, end. */
    private long missingUpTo(long at, long size) {
        state.lock.lock();
        try {
            long page = state.pages.firstPresent(PageMap.pageOf(at), PageMap.pagesUpTo(size));
            return Math.min(page * PageMap.PAGE_BYTES, size);
        } finally {
            state.lock.unlock();
        }
    }
}
