package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many fetches may run at once. Those that somebody waits for are never held up by those that nobody does. */
final class FetchBudget {
    private final Semaphore demand;
    private final Semaphore prefetch;

    FetchBudget(int demandFetches, int prefetches) {
        this.demand = new Semaphore(demandFetches);
        this.prefetch = new Semaphore(prefetches);
    }

    /** Waits for room: the queue is the threads that wait here, so it is as bounded as the callers are. */
    void takeDemand(Deadline deadline) throws ForebayException {
        try {
            if (!demand.tryAcquire(TimeUnit.NANOSECONDS.convert(deadline.remaining()), TimeUnit.NANOSECONDS)) {
                throw new ForebayException.Unavailable("all fetches were busy until the deadline");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("still waiting for a free fetch", interrupt);
        }
    }

    /** Takes room for a prefetch if there is any; prefetches do not queue. */
    boolean tryTakePrefetch() {
        return prefetch.tryAcquire();
    }

    void giveBack(Fetch.Reason reason) {
        switch (reason) {
            case DEMAND -> demand.release();
            case PREFETCH -> prefetch.release();
        }
    }
}
