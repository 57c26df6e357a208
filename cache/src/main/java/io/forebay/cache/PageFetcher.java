package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the missing pages of one content, each once whatever the number of those who wait for it.
 *
 * <p>A fetch runs on a thread of its own, with a time limit of its own: the reader that caused it may give up without
 * spoiling it for the others. A failure goes to everybody who waits for the fetch, and is then forgotten; the next one
 * who needs the page tries again.
 */
final class PageFetcher {
    /** What {@link #prefetch} returns if there was no room. */
    static final long NO_ROOM = -1;

    /** Below this a demand is not split: on a fast store, and the machine's own, one connection is as fast as several. */
    private static final long LEAST_PART_BYTES = 1 << 20;

    /** Until an interrupted fetch has ended; what it brought is fetched again if that is not enough. */
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final ContentState state;
    private final Place place;
    private final Origin origin;
    private final FetchBudget budget;
    private final CacheSettings settings;
    private final Clock clock;
    /** What is under way, by its first page; ranges never overlap. Guarded by {@code state.lock}. */
    private final TreeMap<Long, Running> underWay = new TreeMap<>();
    /** Those who cannot go on without some pages; guarded by {@code state.lock}. */
    private int requiring;
    /** What is to be done when none is under way; guarded by {@code state.lock}. */
    private @Nullable Runnable whenIdle;
    /** Fetches that nobody waited for fail: none begins before one that somebody waits for succeeds. */
    private volatile boolean discouraged;

    /** Called when a fetch that nobody waits for has ended. */
    private volatile Runnable afterPrefetch = () -> {};

    private record Running(Fetch fetch, Thread thread) {}

    PageFetcher(
            ContentState state, Place place, Origin origin, FetchBudget budget, CacheSettings settings, Clock clock) {
        this.state = state;
        this.place = place;
        this.origin = origin;
        this.budget = budget;
        this.settings = settings;
        this.clock = clock;
    }

    /** Has {@code action} run, without locks, whenever a fetch that nobody waited for has ended. */
    void afterPrefetch(Runnable action) {
        afterPrefetch = action;
    }

    /**
     * Starts to fetch what is missing of the pages from {@code from} up to, not including, {@code to}, and that nobody
     * fetches yet, over several connections where that is faster. Waits for nothing but room.
     */
    void request(long from, long to, Deadline deadline) throws ForebayException {
        long part = PageMap.pagesUpTo(Math.clamp(
                budget.speed().bytesWhileWaiting(),
                LEAST_PART_BYTES,
                Math.max(LEAST_PART_BYTES, settings.largestFetch().bytes())));
        for (long page = unclaimed(from, to); page < to; page = unclaimed(page, to)) {
            demand(page, Math.min(to, page + part), deadline);
        }
    }

    /** Returns when the pages from {@code from} up to, not including, {@code to} are all present. */
    void require(long from, long to, Deadline deadline) throws ForebayException {
        countRequiring(1);
        try {
            bring(from, to, deadline);
        } finally {
            countRequiring(-1);
        }
    }

    private void countRequiring(int more) {
        state.lock.lock();
        try {
            requiring += more;
        } finally {
            state.lock.unlock();
        }
    }

    private void bring(long from, long to, Deadline deadline) throws ForebayException {
        while (true) {
            request(from, to, deadline);
            state.lock.lock();
            try {
                state.checkOpen();
                long page = state.pages.firstMissing(from, to);
                if (page == to) {
                    return;
                }
                Fetch fetch = covering(page);
                if (fetch != null) {
                    await(fetch, page, to, deadline);
                }
            } finally {
                state.lock.unlock();
            }
        }
    }

    /**
     * Starts to fetch the first run of pages that is missing between {@code from} and {@code to} and that nobody fetches,
     * if there is room. Never waits.
     *
     * @param mostPages how long the run may be
     * @return where to look for the next run: {@code to} if there is none, or prefetches fail; {@link #NO_ROOM}
     */
    long prefetch(Fetch.Reason reason, long from, long to, long mostPages) {
        state.lock.lock();
        try {
            long page = firstUnclaimed(from, to);
            if (page >= to || state.closed || discouraged) {
                return to;
            }
            long until = runEnd(page, Math.min(to, page + mostPages));
            if (!budget.tryTake(reason, range(page, until).length())) {
                return NO_ROOM;
            }
            start(reason, page, until, range(page, until).length());
            return until;
        } finally {
            state.lock.unlock();
        }
    }

    /**
     * Fetches all that is missing in room that nobody else waits for, many runs at once, and returns when it is here.
     *
     * @throws ForebayException as the first of these fetches failed; the others go on
     */
    void bringAll(Deadline deadline) throws ForebayException {
        List<Fetch> own = new ArrayList<>();
        long from = 0;
        while (true) {
            long bytes = bytesOfNextRun(from);
            if (bytes > 0) {
                budget.takeToBring(bytes, deadline);
                from = bringNextRun(from, bytes, own);
            } else if (from > 0) {
                from = 0; // what others fetched may have failed
            } else if (isAllHere(deadline)) {
                return;
            }
            requireNoFailure(own);
        }
    }

    /** The length of what is missing first behind {@code from} and nobody fetches; 0 if there is nothing. */
    private long bytesOfNextRun(long from) throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            long to = endPage();
            long page = firstUnclaimed(from, to);
            return page < to ? range(page, runEnd(page, to)).length() : 0;
        } finally {
            state.lock.unlock();
        }
    }

    /** @return where to look for the next run */
    private long bringNextRun(long from, long mostBytes, List<Fetch> own) {
        boolean started = false;
        state.lock.lock();
        try {
            long to = endPage();
            long page = firstUnclaimed(from, to);
            if (page >= to || state.closed) {
                return to;
            }
            long until = Math.min(runEnd(page, to), page + PageMap.pagesUpTo(mostBytes));
            own.add(start(Fetch.Reason.BRING, page, until, mostBytes));
            started = true;
            return until;
        } finally {
            state.lock.unlock();
            if (!started) {
                budget.giveBack(Fetch.Reason.BRING, mostBytes);
            }
        }
    }

    /** Waits for the first fetch that is to bring what is missing. */
    private boolean isAllHere(Deadline deadline) throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            long page = state.pages.firstMissing(0, endPage());
            if (page == endPage()) {
                return true;
            }
            Fetch fetch = covering(page);
            if (fetch != null) {
                fetch.awaitEnd(deadline);
            }
            return false;
        } finally {
            state.lock.unlock();
        }
    }

    /** Drops those of {@code own} that have ended, and fails as the first one did whose pages are still missing. */
    private void requireNoFailure(List<Fetch> own) throws ForebayException {
        state.lock.lock();
        try {
            for (Iterator<Fetch> all = own.iterator(); all.hasNext(); ) {
                Fetch fetch = all.next();
                if (fetch.hasEnded()) {
                    all.remove();
                    ForebayException failure = fetch.failure();
                    long until = Math.min(fetch.endPage(), endPage());
                    if (failure != null && state.pages.firstMissing(fetch.firstPage(), until) < until) {
                        throw failure;
                    }
                }
            }
        } finally {
            state.lock.unlock();
        }
    }

    /** Behind all that can be missing; the caller has the lock. */
    private long endPage() {
        return PageMap.pagesUpTo(state.pages.originBytes());
    }

    /** Waits until what is under way of these pages has ended, well or not. */
    void awaitEnd(long from, long to, Deadline deadline) throws ForebayException {
        state.lock.lock();
        try {
            for (Fetch fetch = nextUnderWay(from, to); fetch != null; fetch = nextUnderWay(from, to)) {
                fetch.awaitEnd(deadline);
            }
        } finally {
            state.lock.unlock();
        }
    }

    /** Whether some of these pages are being fetched, or are not written down yet; the caller has the lock. */
    boolean isUnderWay(long from, long to) {
        return nextUnderWay(from, to) != null;
    }

    private @Nullable Fetch nextUnderWay(long from, long to) {
        Fetch at = covering(from);
        Map.Entry<Long, Running> next = at == null ? underWay.ceilingEntry(from) : null;
        if (next != null && next.getKey() < to) {
            return next.getValue().fetch();
        }
        return at;
    }

    /** Whether somebody waits for a fetch. */
    boolean isWaitedFor() {
        state.lock.lock();
        try {
            return requiring > 0;
        } finally {
            state.lock.unlock();
        }
    }

    /** Has everybody who waits for pages look again whether they are still missing; the caller has the lock. */
    void wakeAll() {
        underWay.values().forEach(running -> running.fetch().wakeAll());
    }

    /** Stops whatever is under way; what has arrived stays. */
    void stop() {
        state.lock.lock();
        try {
            wakeAll();
            underWay.values().forEach(running -> running.thread().interrupt());
        } finally {
            state.lock.unlock();
        }
    }

    /** {@link #stop}, and waits a little for what arrived to be written down. */
    void stopAndAwait() {
        List<Thread> threads;
        state.lock.lock();
        try {
            threads = underWay.values().stream().map(Running::thread).toList();
        } finally {
            state.lock.unlock();
        }
        stop();
        try {
            for (Thread thread : threads) {
                thread.join(LONGEST_END);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lets the origin go, since everything is here, or nobody asks any more. That may end the use of another content, so
     * the caller has none of this one's locks.
     */
    void nothingIsMissing() {
        origin.close();
    }

    /** Starts a fetch that begins at {@code page}, unless meanwhile the page came or somebody else fetches it. */
    private void demand(long page, long end, Deadline deadline) throws ForebayException {
        budget.takeDemand(deadline);
        boolean started = false;
        state.lock.lock();
        try {
            state.checkOpen();
            if (firstUnclaimed(page, page + 1) == page) {
                start(Fetch.Reason.DEMAND, page, runEnd(page, end), 0);
                started = true;
            }
        } finally {
            state.lock.unlock();
            if (!started) {
                budget.giveBack(Fetch.Reason.DEMAND, 0);
            }
        }
    }

    /** Starts a fetch of a run that {@link #runEnd} allows. The caller has the lock, and has taken {@code roomBytes}. */
    private Fetch start(Fetch.Reason reason, long page, long until, long roomBytes) {
        BlobVersion version = state.version;
        if (version == null) {
            throw new IllegalStateException("content without a version misses page " + page);
        }
        Fetch fetch = new Fetch(state, place.file(), reason, version, range(page, until), clock);
        Thread thread = Thread.ofVirtual().name("fetch " + version.name()).unstarted(() -> run(fetch, roomBytes));
        underWay.put(page, new Running(fetch, thread));
        thread.start();
        return fetch;
    }

    private ByteRange range(long page, long until) {
        long offset = page * PageMap.PAGE_BYTES;
        return new ByteRange(offset, Math.min(until * PageMap.PAGE_BYTES, state.pages.originBytes()) - offset);
    }

    private void run(Fetch fetch, long roomBytes) {
        ForebayException failure = null;
        try {
            Deadline deadline = Deadline.after(settings.fetchLimit(), clock);
            fetch.begin();
            origin.read(fetch.version(), fetch.range(), fetch, deadline);
            fetch.requireComplete();
            fetch.report(budget.speed());
        } catch (ForebayException known) {
            failure = known;
        } catch (RuntimeException | Error unforeseen) {
            failure = new ForebayException.Unexpected(
                    "a fetch of " + fetch.version().name() + " broke", unforeseen);
        }
        place.keepFetched(fetch.firstPage(), fetch.sums());
        boolean demanded = fetch.reason() == Fetch.Reason.DEMAND;
        if (demanded ? failure == null : failure != null) {
            discouraged = !demanded;
        }
        Runnable idle = null;
        state.lock.lock();
        try {
            underWay.remove(fetch.firstPage());
            fetch.end(failure);
            if (underWay.isEmpty()) {
                idle = whenIdle;
                whenIdle = null;
            }
        } finally {
            state.lock.unlock();
        }
        budget.giveBack(fetch.reason(), roomBytes);
        if (idle != null) {
            idle.run();
        }
        if (!demanded) {
            afterPrefetch.run();
        }
    }

    /** Runs {@code action} once when no fetch is under way: now, or on the thread of the last one. */
    void whenIdle(Runnable action) {
        state.lock.lock();
        try {
            if (!underWay.isEmpty()) {
                whenIdle = action;
                return;
            }
        } finally {
            state.lock.unlock();
        }
        action.run();
    }

    /**
     * Waits for a fetch to bring what it can of these pages; the caller has the lock. That a prefetch found no room says
     * nothing about room for who needs the pages now: he asks himself.
     */
    private void await(Fetch fetch, long page, long to, Deadline deadline) throws ForebayException {
        fetch.await(page, Math.min(to, fetch.endPage()), deadline);
        boolean current = fetch.version().equals(state.version);
        ForebayException failure = fetch.failure();
        long until = Math.min(to, fetch.endPage());
        boolean othersRoom = failure instanceof ForebayException.NoSpace && fetch.reason() != Fetch.Reason.DEMAND;
        if (failure != null && !othersRoom && current && state.pages.firstMissing(page, until) < until) {
            throw failure;
        }
    }

    /** The fetch that will bring {@code page}; the caller has the lock. */
    private @Nullable Fetch covering(long page) {
        Map.Entry<Long, Running> before = underWay.floorEntry(page);
        return before != null && before.getValue().fetch().covers(page)
                ? before.getValue().fetch()
                : null;
    }

    private long unclaimed(long from, long to) throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            return firstUnclaimed(from, to);
        } finally {
            state.lock.unlock();
        }
    }

    /** The first page that is missing and that nobody fetches, or {@code to}; the caller has the lock. */
    private long firstUnclaimed(long from, long to) {
        long page = state.pages.firstMissing(from, to);
        while (page < to) {
            Fetch claim = covering(page);
            if (claim == null) {
                return page;
            }
            page = state.pages.firstMissing(Math.min(to, claim.endPage()), to);
        }
        return to;
    }

    /** Where a fetch ends that begins at the missing page {@code page}: before others' claims. The caller has the lock. */
    private long runEnd(long page, long most) {
        long largest = Math.max(1, settings.largestFetch().bytes() / PageMap.PAGE_BYTES);
        Long claim = underWay.higherKey(page);
        long limit = Math.min(Math.min(most, page + largest), claim == null ? most : claim);
        return state.pages.firstPresent(page, limit);
    }
}
