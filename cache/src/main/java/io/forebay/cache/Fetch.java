package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One run of missing pages on its way from the origin into the file. While it runs nobody else fetches these pages;
 * everybody who needs one of them waits for it here.
 *
 * <p>It takes the bytes as they arrive. What was written here or cut off in the meantime is skipped, so an arrival never
 * undoes a change.
 */
final class Fetch implements ByteSink {
    private final ContentState state;
    private final SparseFile file;
    private final Reason reason;
    private final BlobVersion version;
    private final ByteRange range;
    /** Where the next byte goes; touched by the fetching thread alone. */
    private long position;
    /** Guarded by {@code state.lock}, like what follows. */
    private boolean ended;

    private @Nullable ForebayException failure;

    /** Why it runs. */
    enum Reason {
        DEMAND,
        PREFETCH
    }

    Fetch(ContentState state, SparseFile file, Reason reason, BlobVersion version, ByteRange range) {
        this.state = state;
        this.file = file;
        this.reason = reason;
        this.version = version;
        this.range = range;
        this.position = range.offset();
    }

    Reason reason() {
        return reason;
    }

    BlobVersion version() {
        return version;
    }

    ByteRange range() {
        return range;
    }

    long firstPage() {
        return PageMap.pageOf(range.offset());
    }

    boolean covers(long page) {
        return page >= firstPage() && page < PageMap.pagesUpTo(range.end());
    }

    /** Whether it will bring nothing more; the caller has {@code state.lock}. */
    boolean hasEnded() {
        return ended;
    }

    /** Why it ended early, if it did; the caller has {@code state.lock}. */
    @Nullable
    ForebayException failure() {
        return failure;
    }

    /** Notes its end; the caller has {@code state.lock}. */
    void end(@Nullable ForebayException reasonOfFailure) {
        failure = reasonOfFailure;
        ended = true;
    }

    @Override
    public void accept(ByteBuffer arrived) throws ForebayException {
        if (arrived.remaining() > range.end() - position) {
            throw new ForebayException.Corrupt("more bytes arrived of " + version.name() + " than were asked for");
        }
        state.bytes.readLock().lock();
        try {
            while (arrived.hasRemaining()) {
                keep(arrived);
            }
        } finally {
            state.bytes.readLock().unlock();
        }
        release();
    }

    void requireComplete() throws ForebayException {
        if (position < range.end()) {
            throw new ForebayException.Corrupt("the bytes of " + version.name() + " ended at " + position
                    + ", asked for were those up to " + range.end());
        }
    }

    /** Takes the part of {@code arrived} that lies in one page. The caller has {@code state.bytes} shared. */
    private void keep(ByteBuffer arrived) throws ForebayException {
        long pageEnd = (PageMap.pageOf(position) + 1) * PageMap.PAGE_BYTES;
        int length = (int) Math.min(arrived.remaining(), pageEnd - position);
        int wanted = wanted(length);
        if (wanted > 0) {
            file.write(position, arrived.slice(arrived.position(), wanted));
        }
        arrived.position(arrived.position() + length);
        position += length;
    }

    /** How many of the next {@code length} bytes, which lie in one page, are still missing from the file. */
    private int wanted(int length) {
        state.lock.lock();
        try {
            if (state.pages.isPresent(PageMap.pageOf(position))) {
                return 0;
            }
            return Math.clamp(state.pages.originBytes() - position, 0, length);
        } finally {
            state.lock.unlock();
        }
    }

    /** Lets readers have the pages that are complete by now. */
    private void release() {
        state.lock.lock();
        try {
            boolean all = position >= Math.min(range.end(), state.pages.originBytes());
            state.pages.markPresent(firstPage(), all ? PageMap.pagesUpTo(range.end()) : PageMap.pageOf(position));
            state.announce();
        } finally {
            state.lock.unlock();
        }
    }
}
