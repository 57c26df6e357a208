package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One run of missing pages on its way from the origin into the file. While it runs nobody else fetches these pages;
 * everybody who needs one of them waits for it here.
 *
 * <p>It takes the bytes as they arrive. What was written here or cut off in the meantime is skipped, so an arrival never
 * undoes a change.
 */
final class Fetch implements PageSink {
    private final ContentState state;
    private final SparseFile file;
    private final Reason reason;
    private final BlobVersion version;
    private final ByteRange range;
    private final Clock clock;
    /** Where the next byte goes; touched by the fetching thread alone. */
    private long position;
    /** The checksums of its pages, as far as they are complete; touched by the fetching thread alone. */
    private final int[] sums;

    private final CRC32C sum = new CRC32C();
    /** Where the next byte for {@code sum} must come from. */
    private long summedTo;
    /** When it began, and when its first bytes came; touched by the fetching thread alone. */
    private long beganNanos;

    private long firstBytesNanos;
    private boolean hasBytes;
    /** Guarded by {@code state.lock}, like what follows. */
    private boolean ended;

    private @Nullable ForebayException failure;
    private final List<Waiter> waiters = new ArrayList<>();

    /** Why it runs. */
    enum Reason {
        /** Somebody waits for it. */
        DEMAND,
        /** Somebody is expected to need it soon. */
        PREFETCH,
        /** The file is to be here as a whole. */
        FILL,
        /** The same, in room that was taken for it before. */
        WHOLE,
        /** The same, for somebody who waits for the whole, and for whom nobody else shall wait. */
        BRING
    }

    /** Somebody who waits until all pages below {@code untilPage} have come. */
    private record Waiter(long untilPage, Condition signal) {}

    Fetch(ContentState state, SparseFile file, Reason reason, BlobVersion version, ByteRange range, Clock clock) {
        this.state = state;
        this.clock = clock;
        this.file = file;
        this.reason = reason;
        this.version = version;
        this.range = range;
        this.position = range.offset();
        this.summedTo = range.offset();
        this.sums = new int[Math.toIntExact(PageMap.pagesUpTo(range.end()) - firstPage())];
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

    /** The first page behind it. */
    long endPage() {
        return PageMap.pagesUpTo(range.end());
    }

    boolean covers(long page) {
        return page >= firstPage() && page < endPage();
    }

    /** Why it ended early, if it did; the caller has {@code state.lock}. */
    @Nullable
    ForebayException failure() {
        return failure;
    }

    /** The caller has {@code state.lock}. */
    boolean hasEnded() {
        return ended;
    }

    /** Notes its end; the caller has {@code state.lock}. */
    void end(@Nullable ForebayException reasonOfFailure) {
        failure = reasonOfFailure;
        ended = true;
        wakeAll();
    }

    /**
     * Waits until its pages from {@code page} up to, not including, {@code until} are here, or it has ended. The caller has
     * {@code state.lock}.
     */
    void await(long page, long until, Deadline deadline) throws ForebayException {
        Waiter waiter = new Waiter(until, state.lock.newCondition());
        waiters.add(waiter);
        try {
            state.await(
                    waiter.signal(),
                    () -> ended || state.pages.firstMissing(page, until) == until,
                    "the fetch of " + range,
                    deadline);
        } finally {
            waiters.remove(waiter);
        }
    }

    /** Waits until it has ended; all its pages may be here before. The caller has {@code state.lock}. */
    void awaitEnd(Deadline deadline) throws ForebayException {
        Waiter waiter = new Waiter(Long.MAX_VALUE, state.lock.newCondition());
        waiters.add(waiter);
        try {
            state.await(waiter.signal(), () -> ended, "the fetch of " + range, deadline);
        } finally {
            waiters.remove(waiter);
        }
    }

    /** Has everybody who waits for it look again; the caller has {@code state.lock}. */
    void wakeAll() {
        waiters.forEach(waiter -> waiter.signal().signal());
    }

    /** Begins to measure what the source takes. */
    void begin() {
        beganNanos = clock.nanoTime();
    }

    /** Tells how long it took; it has succeeded. */
    void report(SourceSpeed speed) {
        if (hasBytes) {
            speed.note(firstBytesNanos - beganNanos, clock.nanoTime() - firstBytesNanos, range.length());
        }
    }

    @Override
    public void accept(ByteBuffer arrived) throws ForebayException {
        if (arrived.remaining() > range.end() - position) {
            throw new ForebayException.Corrupt("more bytes arrived of " + version.name() + " than were asked for");
        }
        if (!hasBytes) {
            hasBytes = true;
            firstBytesNanos = clock.nanoTime();
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

    /**
     * Takes from {@code arrived} what goes into the file, in one write, or else the part of one page that does not. The
     * caller has {@code state.bytes} shared.
     */
    private void keep(ByteBuffer arrived) throws ForebayException {
        int wanted = wanted(arrived.remaining());
        if (wanted == 0) {
            pass(arrived, Math.min(arrived.remaining(), leftOfPage()));
            return;
        }
        file.write(position, arrived.slice(arrived.position(), wanted));
        for (int left = wanted; left > 0; ) {
            int length = Math.min(left, leftOfPage());
            add(arrived.slice(arrived.position(), length));
            pass(arrived, length);
            left -= length;
        }
    }

    private int leftOfPage() {
        return (int) ((PageMap.pageOf(position) + 1) * PageMap.PAGE_BYTES - position);
    }

    /** Goes on by so many bytes of one page. */
    private void pass(ByteBuffer arrived, int length) {
        arrived.position(arrived.position() + length);
        position += length;
        if (position % PageMap.PAGE_BYTES == 0 || position == range.end()) {
            closePage();
        }
    }

    private void add(ByteBuffer kept) {
        if (summedTo == position) {
            summedTo += kept.remaining();
            sum.update(kept);
        }
    }

    /** A page of which not every byte went into the file has no checksum. */
    private void closePage() {
        if (summedTo == position) {
            sums[(int) (PageMap.pageOf(position - 1) - firstPage())] = PageSum.of(sum);
        }
        sum.reset();
        summedTo = position;
    }

    @Override
    public void found(int lengthBytes, int pageSum) {
        sums[(int) (PageMap.pageOf(position) - firstPage())] = pageSum;
        position += lengthBytes;
        summedTo = position;
        release();
    }

    /** The checksums of the pages that are complete, from the first page on; 0 where there is none. */
    int[] sums() {
        boolean all = position == range.end();
        return all ? sums : Arrays.copyOf(sums, (int) (PageMap.pageOf(position) - firstPage()));
    }

    /** How many of the next {@code length} bytes are missing from the file, up to the first one that is not. */
    private int wanted(int length) {
        state.lock.lock();
        try {
            long end = Math.min(position + length, state.pages.originBytes());
            long present = state.pages.firstPresent(PageMap.pageOf(position), PageMap.pagesUpTo(end));
            return Math.clamp(Math.min(end, present * PageMap.PAGE_BYTES) - position, 0, length);
        } finally {
            state.lock.unlock();
        }
    }

    /** Lets readers have the pages that are complete by now, and wakes those who have all that they wait for. */
    private void release() {
        state.lock.lock();
        try {
            boolean all = position >= Math.min(range.end(), state.pages.originBytes());
            long arrived = all ? endPage() : PageMap.pageOf(position);
            state.pages.markPresent(firstPage(), arrived);
            for (Waiter waiter : waiters) {
                if (waiter.untilPage() <= arrived) {
                    waiter.signal().signal();
                }
            }
        } finally {
            state.lock.unlock();
        }
    }
}
