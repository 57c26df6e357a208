package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the missing pages of one content, each once whatever the number of those who wait for it.
 *
 * <p>A fetch runs on a thread of its own, with a time limit of its own: the reader that caused it may give up without
 * spoiling it for the others. A failure goes to everybody who waits for the fetch, and is then forgotten; the next one
 * who needs the page tries again.
 */
final class PageFetcher {
    private final ContentState state;
    private final SparseFile file;
    private final Origin origin;
    private final FetchBudget budget;
    private final CacheSettings settings;
    private final Clock clock;
    /** What is under way, with its thread; ranges never overlap. Guarded by {@code state.lock}. */
    private final Map<Fetch, Thread> underWay = new HashMap<>();
    /** Those who wait for one of them; guarded by {@code state.lock}. */
    private int waiting;

    PageFetcher(
            ContentState state,
            SparseFile file,
            Origin origin,
            FetchBudget budget,
            CacheSettings settings,
            Clock clock) {
        this.state = state;
        this.file = file;
        this.origin = origin;
        this.budget = budget;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Returns when the pages from {@code from} up to, not including, {@code to} are all present.
     *
     * @param windowBytes how much to fetch from a missing page on, if that is more than up to {@code to}
     */
    void require(long from, long to, long windowBytes, Deadline deadline) throws ForebayException {
        long page = from;
        while (true) {
            Fetch fetch;
            state.lock.lock();
            try {
                state.checkOpen();
                page = state.pages.firstMissing(page, to);
                if (page == to) {
                    return;
                }
                fetch = covering(page);
            } finally {
                state.lock.unlock();
            }
            if (fetch == null) {
                long end = Math.max(to, page + PageMap.pagesUpTo(windowBytes));
                fetch = demand(page, end, deadline);
            }
            if (fetch != null) {
                await(fetch, page, deadline);
            }
        }
    }

    /**
     * Starts to fetch {@code windowBytes} from the first page between {@code from} and {@code to} that is missing and
     * that nobody fetches, unless a prefetch of this content is under way or there is no room for one. Never waits.
     */
    void prefetch(long from, long to, long windowBytes) {
        if (!budget.tryTakePrefetch()) {
            return;
        }
        boolean started = false;
        state.lock.lock();
        try {
            boolean busy = underWay.keySet().stream().anyMatch(fetch -> fetch.reason() == Fetch.Reason.PREFETCH);
            long page = firstUnclaimed(from, to);
            if (!state.closed && !busy && page < to) {
                start(Fetch.Reason.PREFETCH, page, page + PageMap.pagesUpTo(windowBytes));
                started = true;
            }
        } finally {
            state.lock.unlock();
            if (!started) {
                budget.giveBack(Fetch.Reason.PREFETCH);
            }
        }
    }

    /** Whether somebody waits for a fetch. */
    boolean isWaitedFor() {
        state.lock.lock();
        try {
            return waiting > 0;
        } finally {
            state.lock.unlock();
        }
    }

    /** Stops whatever is under way and lets the origin go; what has arrived stays. */
    void stop() {
        state.lock.lock();
        try {
            underWay.values().forEach(Thread::interrupt);
        } finally {
            state.lock.unlock();
        }
        origin.close();
    }

    /** Lets the origin go, since everything is here. */
    void nothingIsMissing() {
        origin.close();
    }

    /** Starts a fetch that begins at {@code page}; null if meanwhile the page came or somebody else fetches it. */
    private @Nullable Fetch demand(long page, long end, Deadline deadline) throws ForebayException {
        budget.takeDemand(deadline);
        Fetch started = null;
        state.lock.lock();
        try {
            state.checkOpen();
            if (!state.pages.isPresent(page) && covering(page) == null) {
                started = start(Fetch.Reason.DEMAND, page, end);
            }
        } finally {
            state.lock.unlock();
            if (started == null) {
                budget.giveBack(Fetch.Reason.DEMAND);
            }
        }
        return started;
    }

    /** Starts a fetch of at most one largest window, up to the next page that is present or claimed. Has the lock. */
    private Fetch start(Fetch.Reason reason, long page, long end) {
        BlobVersion version = state.version;
        if (version == null) {
            throw new IllegalStateException("content without a version misses page " + page);
        }
        long most = Math.min(end, page + Math.max(1, settings.largestFetch().bytes() / PageMap.PAGE_BYTES));
        long until = state.pages.firstPresent(page, most);
        for (Fetch other : underWay.keySet()) {
            if (other.firstPage() > page) {
                until = Math.min(until, other.firstPage());
            }
        }
        long offset = page * PageMap.PAGE_BYTES;
        long length = Math.min(until * PageMap.PAGE_BYTES, state.pages.originBytes()) - offset;
        Fetch fetch = new Fetch(state, file, reason, version, new ByteRange(offset, length));
        Thread thread = Thread.ofVirtual().name("fetch " + version.name()).unstarted(() -> run(fetch));
        underWay.put(fetch, thread);
        thread.start();
        return fetch;
    }

    private void run(Fetch fetch) {
        ForebayException failure = null;
        try {
            Deadline deadline = Deadline.after(settings.fetchLimit(), clock);
            origin.read(fetch.version(), fetch.range(), fetch, deadline);
            fetch.requireComplete();
        } catch (ForebayException known) {
            failure = known;
        } catch (RuntimeException | Error unforeseen) {
            failure = new ForebayException.Unexpected(
                    "a fetch of " + fetch.version().name() + " broke", unforeseen);
        }
        budget.giveBack(fetch.reason());
        state.lock.lock();
        try {
            underWay.remove(fetch);
            fetch.end(failure);
            state.announce();
        } finally {
            state.lock.unlock();
        }
    }

    private void await(Fetch fetch, long page, Deadline deadline) throws ForebayException {
        state.lock.lock();
        waiting++;
        try {
            state.await(
                    () -> state.pages.isPresent(page) || fetch.hasEnded(), "the fetch of " + fetch.range(), deadline);
            boolean current = fetch.version().equals(state.version);
            if (fetch.failure() != null && current && !state.pages.isPresent(page)) {
                throw fetch.failure();
            }
        } finally {
            waiting--;
            state.lock.unlock();
        }
    }

    /** The fetch that will bring {@code page}; the caller has the lock. */
    private @Nullable Fetch covering(long page) {
        for (Fetch fetch : underWay.keySet()) {
            if (fetch.covers(page)) {
                return fetch;
            }
        }
        return null;
    }

    /** The first page that is missing and that nobody fetches, or {@code to}; the caller has the lock. */
    private long firstUnclaimed(long from, long to) {
        long page = state.pages.firstMissing(from, to);
        while (page < to) {
            Fetch claim = covering(page);
            if (claim == null) {
                return page;
            }
            page = state.pages.firstMissing(
                    Math.min(to, PageMap.pagesUpTo(claim.range().end())), to);
        }
        return to;
    }
}
