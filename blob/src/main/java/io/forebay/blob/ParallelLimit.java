package io.forebay.blob;

/**
 * How many requests a store gets at once: more while more of them bring more, fewer when it says that it is busy.
 *
 * <p>It looks at windows of time in which somebody had to wait for the limit, and compares what was moved in them. Doubling
 * goes on as long as it pays; when it did not, the limit goes back and stays for a while before a smaller step is tried. A
 * window in which nobody waited says nothing about more. Not safe for threads.
 */
final class ParallelLimit {
    private static final long WINDOW_NANOS = 100_000_000;

    /** What a request is worth beside its bytes, so that small ones count too: moving 64 KiB takes about as long. */
    private static final long REQUEST_WORTH_BYTES = 64 << 10;

    /** More requests that bring less more than this do not pay: it is within what one window differs from another by. */
    private static final double WORTHWHILE = 1.1;

    /** Windows before a step is tried again: some 2 s. */
    private static final int REST_WINDOWS = 20;

    /** Windows before the first step after the store was too busy: some 5 s. */
    private static final int REST_WINDOWS_WHEN_BUSY = 50;

    private final GateSettings settings;
    private int limit;
    /** The limit before the step that is being tried; the same if none is. */
    private int before;

    private boolean doubling = true;
    private double best;
    private int rest;

    private long windowBeganNanos;
    private long windowBeganBytes;
    private long windowRequests;
    private boolean somebodyWaited;
    /** The first window behind a step is a mixture, and not looked at. */
    private boolean settling;

    ParallelLimit(GateSettings settings, long nowNanos) {
        this.settings = settings;
        this.limit = settings.firstParallel();
        this.before = limit;
        this.windowBeganNanos = nowNanos;
    }

    int current() {
        return limit;
    }

    /** Somebody has to wait because of the limit. */
    void refused() {
        somebodyWaited = true;
    }

    /**
     * A request has ended that the store did not turn away.
     *
     * @param movedBytes all bytes moved so far, also by requests that are still running
     */
    void ended(long nowNanos, long movedBytes) {
        windowRequests++;
        long lasted = nowNanos - windowBeganNanos;
        if (lasted < WINDOW_NANOS || windowRequests * 2 < limit) {
            return;
        }
        double worth = (movedBytes - windowBeganBytes + windowRequests * REQUEST_WORTH_BYTES) / (double) lasted;
        boolean telling = somebodyWaited && !settling;
        settling = false;
        startWindow(nowNanos, movedBytes);
        if (telling) {
            judge(worth);
        }
    }

    private void judge(double worth) {
        if (rest > 0) {
            rest--;
            // What it brings now, slowly: to be compared with when the next step is tried.
            best = best == 0 ? worth : best * 0.8 + worth * 0.2;
            if (rest == 0) {
                step(Math.max(1, limit / 4));
            }
        } else if (best == 0 || worth > best * WORTHWHILE) {
            best = worth;
            step(doubling ? limit : Math.max(1, limit / 4));
        } else {
            limit = before;
            doubling = false;
            rest = REST_WINDOWS;
        }
    }

    private void step(int more) {
        before = limit;
        limit = Math.min(settings.mostParallel(), limit + more);
        settling = true;
        if (limit == before) {
            rest = REST_WINDOWS;
        }
    }

    /** The store was too busy. */
    void throttled(long nowNanos) {
        limit = Math.max(settings.leastParallel(), limit / 2);
        before = limit;
        doubling = false;
        best = 0;
        rest = REST_WINDOWS_WHEN_BUSY;
        settling = true;
        startWindow(nowNanos, windowBeganBytes);
    }

    private void startWindow(long nowNanos, long movedBytes) {
        windowBeganNanos = nowNanos;
        windowBeganBytes = movedBytes;
        windowRequests = 0;
        somebodyWaited = false;
    }
}
