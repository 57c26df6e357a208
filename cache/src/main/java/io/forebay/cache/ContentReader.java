package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Reads one content: what is here from the file, what is missing by fetches; and decides what else to fetch, from the
 * pattern of the reads where they have one, and from what their misses cost where they have none.
 */
final class ContentReader {
    private final ContentState state;
    private final SparseFile file;
    private final PageFetcher fetcher;
    private final FetchBudget budget;
    private final CacheSettings settings;
    private final Clock clock;
    private final ReadPattern pattern;
    private final RandomReads randomReads;
    private final Prefetcher prefetcher;
    private final PassedPages passedPages;
    /** Set once nothing can be missing any more, so that reads need not look for patterns. */
    private volatile boolean whole;

    ContentReader(
            ContentState state,
            SparseFile file,
            PageFetcher fetcher,
            PassedPages passedPages,
            FetchBudget budget,
            CacheSettings settings,
            Clock clock) {
        this.state = state;
        this.file = file;
        this.fetcher = fetcher;
        this.passedPages = passedPages;
        this.budget = budget;
        this.settings = settings;
        this.clock = clock;
        this.pattern = new ReadPattern(settings);
        this.randomReads = new RandomReads(settings, budget);
        this.prefetcher = new Prefetcher(fetcher, budget, settings);
    }

    /** As {@link CachedContent#read}. */
    int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        if (!target.hasRemaining()) {
            return 0;
        }
        int count = copyIfPresent(offset, target);
        if (count >= 0 && isWhole()) {
            return count;
        }
        Advice advice = noteRead(offset, count >= 0 ? count : target.remaining());
        if (count >= 0) {
            prefetcher.follow(advice);
            return count;
        }
        return readMissing(offset, target, advice, deadline);
    }

    /** Demands what is missing before it prefetches, and then waits. */
    private int readMissing(long offset, ByteBuffer target, Advice advice, Deadline deadline) throws ForebayException {
        long beganNanos = clock.nanoTime();
        int count = -1;
        while (count < 0) {
            long size = sizeBytes();
            long end = Math.min(size, offset + target.remaining());
            boolean small = size <= settings.smallFile().bytes();
            long from = small ? 0 : PageMap.pageOf(offset);
            long to = small ? size : Math.max(end, Math.min(size, offset + advice.demandBytes()));
            fetcher.request(from, PageMap.pagesUpTo(to), deadline);
            prefetcher.follow(advice);
            fetcher.require(PageMap.pageOf(offset), PageMap.pagesUpTo(end), deadline);
            count = copyIfPresent(offset, target);
        }
        if (advice.random()) {
            randomReads.missed(clock.nanoTime() - beganNanos);
            fillIfItPays();
        }
        return count;
    }

    /** What is to be expected after this read, of which some bytes may be missing, or some others of the file are. */
    private Advice noteRead(long offset, int lengthBytes) {
        long size = sizeBytes();
        Advice advice = pattern.note(offset, lengthBytes, size, passedPages.mostAheadBytes(size));
        if (!advice.ahead().isEmpty() && advice.ahead().getFirst().from() >= offset + lengthBytes) {
            passedPages.passed(offset, offset + lengthBytes, size);
        }
        if (advice.random() && !prefetcher.isFilling()) {
            fetchRegionIfItPays(offset, lengthBytes);
        }
        return advice;
    }

    private void fetchRegionIfItPays(long offset, int lengthBytes) {
        long askedBytes = randomReads.note(offset, lengthBytes);
        long start = offset / RandomReads.REGION_BYTES * RandomReads.REGION_BYTES;
        long end;
        long present;
        state.lock.lock();
        try {
            end = Math.min(start + RandomReads.REGION_BYTES, state.pages.originBytes());
            present = state.pages.countPresent(PageMap.pageOf(start), PageMap.pagesUpTo(end));
        } finally {
            state.lock.unlock();
        }
        if (RandomReads.paysWhole(askedBytes, present, PageMap.pagesUpTo(end) - PageMap.pageOf(start))) {
            prefetcher.whole(start, end);
        }
    }

    private void fillIfItPays() {
        long size;
        long missing;
        state.lock.lock();
        try {
            size = state.pages.originBytes();
            missing = state.pages.missingBytes();
        } finally {
            state.lock.unlock();
        }
        if (!prefetcher.isFilling() && randomReads.paysFilling(missing, budget.freeBytes())) {
            prefetcher.fill(size);
        }
    }

    /** Whether nothing of it can be missing, now and later. */
    boolean isWhole() {
        if (!whole) {
            whole = firstMissing(0) == originPages();
        }
        return whole;
    }

    /** As {@link CachedContent#readInPlace}. */
    boolean readInPlace(long offset, int lengthBytes, FileRegion.Reader reader) throws ForebayException {
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
        if (!isWhole()) {
            prefetcher.follow(noteRead(offset, lengthBytes));
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

    /** As {@link CachedContent#fill}. */
    void fill(Deadline deadline) throws ForebayException {
        long windowBytes = Math.max(
                settings.prefetchBytes().bytes(), settings.largestFetch().bytes());
        long fetchBytes = settings.largestFetch().bytes();
        for (long page = firstMissing(0); page < originPages(); page = firstMissing(page)) {
            long at = page * PageMap.PAGE_BYTES;
            long next = Math.min(originPages(), page + PageMap.pageOf(fetchBytes));
            fetcher.request(page, next, deadline);
            Advice.Span ahead = new Advice.Span(at, Math.min(originPages() * PageMap.PAGE_BYTES, at + windowBytes));
            prefetcher.follow(new Advice(0, List.of(ahead), fetchBytes, false));
            fetcher.require(page, next, deadline);
        }
    }

    /** As {@link SparseContent#prefetchWhole}. */
    void prefetchWhole(Deadline deadline) throws ForebayException {
        long end = originPages();
        for (long page = 0; page < end; ) {
            page = fetcher.prefetch(Fetch.Reason.WHOLE, page, end, end);
        }
        fetcher.awaitEnd(0, end, deadline);
    }

    /** Returns when what is under way has ended, well or not. */
    void awaitFetches(Deadline deadline) throws ForebayException {
        fetcher.awaitEnd(0, originPages(), deadline);
    }

    /** Begins nothing more that nobody has asked for. */
    void stopAhead() {
        prefetcher.stop();
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

    private long sizeBytes() {
        state.lock.lock();
        try {
            return state.sizeBytes;
        } finally {
            state.lock.unlock();
        }
    }
}
