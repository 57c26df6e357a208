package io.forebay.cache;

/**
 * Fetches what nobody has asked for yet of one content, as far as the budget has room: what its readers are expected to
 * need, and then, if that was decided, all the rest.
 *
 * <p>It runs on the threads of those who read and of fetches that end, and never waits. What finds no room is remembered,
 * the latest only, and tried again when there is some.
 */
final class Prefetcher {
    private final PageFetcher fetcher;
    private final FetchBudget budget;
    private final long largestPages;
    private final Runnable retry = this::goOn;
    /** What found no room; guarded by this, like what follows. */
    private Advice deferred = Advice.NONE;

    private boolean fills;
    private long fillFrom;
    private long fillTo;

    Prefetcher(PageFetcher fetcher, FetchBudget budget, CacheSettings settings) {
        this.fetcher = fetcher;
        this.budget = budget;
        this.largestPages = Math.max(1, settings.largestFetch().bytes() / PageMap.PAGE_BYTES);
        fetcher.afterPrefetch(retry);
    }

    /** Starts to fetch what {@code advice} expects. */
    void follow(Advice advice) {
        if (!advice.ahead().isEmpty() && !start(advice)) {
            synchronized (this) {
                deferred = advice;
            }
            goOn();
        }
    }

    /** Starts to fetch one region, of which parts are here. */
    void whole(long from, long to) {
        long page = PageMap.pageOf(from);
        long end = PageMap.pagesUpTo(to);
        while (page < end && page != PageFetcher.NO_ROOM) {
            page = fetcher.prefetch(Fetch.Reason.PREFETCH, page, end, largestPages);
        }
    }

    /** Fetches all that is missing below {@code sizeBytes}, in the background. */
    void fill(long sizeBytes) {
        synchronized (this) {
            if (fills) {
                return;
            }
            fills = true;
            fillFrom = 0;
            fillTo = PageMap.pagesUpTo(sizeBytes);
        }
        goOn();
    }

    synchronized boolean isFilling() {
        return fills;
    }

    /** Begins nothing more; what is under way goes on. */
    void stop() {
        synchronized (this) {
            fills = false;
            deferred = Advice.NONE;
        }
        budget.forget(retry);
    }

    private void goOn() {
        Advice advice;
        synchronized (this) {
            advice = deferred;
            deferred = Advice.NONE;
            if (advice.ahead().isEmpty() && !fills) {
                return;
            }
        }
        begin(advice);
    }

    /** Waits for its turn before it looks for room, so that room which comes in between is not missed. */
    private void begin(Advice advice) {
        budget.callWhenThereIsRoom(retry);
        boolean all = start(advice);
        if (!all) {
            defer(advice);
        }
        if (all && startFilling()) {
            budget.forget(retry);
        }
    }

    private synchronized void defer(Advice advice) {
        if (deferred.ahead().isEmpty()) {
            deferred = advice;
        }
    }

    /** Whether all of it is under way, or here. */
    private boolean start(Advice advice) {
        for (Advice.Span span : advice.ahead()) {
            if (!start(span, advice.fetchBytes())) {
                return false;
            }
        }
        return true;
    }

    private boolean start(Advice.Span span, long fetchBytes) {
        long fetchPages = Math.max(1, fetchBytes / PageMap.PAGE_BYTES);
        long to = PageMap.pagesUpTo(span.to());
        for (long page = PageMap.pageOf(span.from()); page < to; ) {
            long boundary = Math.min(to, (page / fetchPages + 1) * fetchPages);
            long next = fetcher.prefetch(Fetch.Reason.PREFETCH, page, boundary, fetchPages);
            if (next == PageFetcher.NO_ROOM) {
                return false;
            }
            page = next;
        }
        return true;
    }

    /** Whether there is nothing left to fill. */
    private boolean startFilling() {
        long page;
        long to;
        synchronized (this) {
            page = fillFrom;
            to = fills ? fillTo : fillFrom;
        }
        while (page < to) {
            long next = fetcher.prefetch(Fetch.Reason.FILL, page, to, largestPages);
            if (next == PageFetcher.NO_ROOM) {
                filledUpTo(page);
                return false;
            }
            page = next;
        }
        filledUpTo(to);
        return true;
    }

    private synchronized void filledUpTo(long page) {
        fillFrom = Math.max(fillFrom, page);
        fills &= fillFrom < fillTo;
    }
}
