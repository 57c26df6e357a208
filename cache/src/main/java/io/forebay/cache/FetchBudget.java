package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Deadline;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many fetches may run at once in the whole cache, and how much those that nobody waits for may have under way.
 *
 * <p>Demand comes first: it has room of its own, and while it waits for that, no prefetch begins. Of the room for
 * prefetches the filling of files takes at most three quarters, so that readers that can be foreseen find some. A prefetch
 * never waits. Whoever has more to prefetch than there is room for can ask to be called, once, when there is some again.
 * Who brings files that an operator asked for takes the room of what fills, and waits for it here.
 */
final class FetchBudget {
    /** Whoever wants to be called when so many do is not: it comes again with the next read. */
    private static final int MAX_WAITING = 1_024;
    /** What is brought has room for so many fetches even where nothing is read ahead: 8 of 60 MB/s are 480 MB/s. */
    private static final int LEAST_BRINGING = 8;

    private final Semaphore demand;
    private final AtomicInteger demandWaiting = new AtomicInteger();
    private final int prefetches;
    private final long prefetchBytes;
    private final int bringing;
    private final long bringingBytes;
    private final LongSupplier freeBytes;
    private final Metrics metrics;
    private final SourceSpeed speed = new SourceSpeed();
    /** Guarded by this, like what follows. */
    private int running;

    private int filling;
    private long runningBytes;
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    /**
     * A budget of which nothing is taken.
     *
     * @param freeBytes what the cache disk has room for
     */
    FetchBudget(CacheSettings settings, LongSupplier freeBytes, Metrics metrics) {
        this.freeBytes = freeBytes;
        this.demand = new Semaphore(settings.demandFetches());
        this.prefetches = settings.prefetches();
        this.prefetchBytes = settings.prefetchBytes().bytes();
        this.bringing = Math.max(LEAST_BRINGING, fillingFetches());
        this.bringingBytes =
                Math.max(prefetchBytes, LEAST_BRINGING * settings.largestFetch().bytes());
        this.metrics = metrics;
    }

    /** What is known of the source that all of them use. */
    SourceSpeed speed() {
        return speed;
    }

    /** What the cache disk has room for. */
    long freeBytes() {
        return freeBytes.getAsLong();
    }

    /** How many fetches may fill one file at a time. */
    int fillingFetches() {
        return Math.max(1, prefetches - prefetches / 4);
    }

    /** Waits for room: the queue is the threads that wait here, so it is as bounded as the callers are. */
    void takeDemand(Deadline deadline) throws ForebayException {
        if (!demand.tryAcquire()) {
            demandWaiting.incrementAndGet();
            try {
                awaitDemand(deadline);
            } finally {
                demandWaiting.decrementAndGet();
            }
        }
        metrics.increment(Metric.DEMAND_FETCHES_RUNNING);
    }

    private void awaitDemand(Deadline deadline) throws ForebayException {
        try {
            if (!demand.tryAcquire(TimeUnit.NANOSECONDS.convert(deadline.remaining()), TimeUnit.NANOSECONDS)) {
                throw new ForebayException.Unavailable("all fetches were busy until the deadline");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("still waiting for a free fetch", interrupt);
        }
    }

    /** Takes room for a fetch of {@code bytes} that nobody waits for, if there is any. Never waits. */
    synchronized boolean tryTake(Fetch.Reason reason, long bytes) {
        if (reason == Fetch.Reason.WHOLE) {
            return true;
        }
        boolean room = demandWaiting.get() == 0
                && switch (reason) {
                    case BRING -> filling < bringing && fits(bytes, bringingBytes);
                    case FILL -> running < prefetches && filling < fillingFetches() && fits(bytes, prefetchBytes);
                    default -> running < prefetches && fits(bytes, prefetchBytes);
                };
        if (room) {
            count(fills(reason), 1, bytes);
        }
        return room;
    }

    private boolean fits(long bytes, long limitBytes) {
        return running == 0 || runningBytes + bytes <= limitBytes;
    }

    private static boolean fills(Fetch.Reason reason) {
        return reason == Fetch.Reason.FILL || reason == Fetch.Reason.BRING;
    }

    /** Waits for room to bring {@code bytes}, behind all demand. */
    void takeToBring(long bytes, Deadline deadline) throws ForebayException {
        Semaphore calls = new Semaphore(0);
        Runnable call = calls::release;
        try {
            while (true) {
                synchronized (this) { // before it looks, so that room which comes in between is not missed
                    waiting.add(call);
                }
                if (tryTake(Fetch.Reason.BRING, bytes)) {
                    return;
                }
                if (!calls.tryAcquire(TimeUnit.NANOSECONDS.convert(deadline.remaining()), TimeUnit.NANOSECONDS)) {
                    throw new ForebayException.Unavailable("there was no room to fetch more until the deadline");
                }
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("still waiting for room to fetch more", interrupt);
        } finally {
            forget(call);
        }
    }

    /** Gives back what was taken for {@code reason}, and calls those who wait while there is room. No lock may be held. */
    void giveBack(Fetch.Reason reason, long bytes) {
        if (reason == Fetch.Reason.DEMAND) {
            demand.release();
            metrics.add(Metric.DEMAND_FETCHES_RUNNING, -1);
        } else if (reason != Fetch.Reason.WHOLE) {
            synchronized (this) {
                count(fills(reason), -1, -bytes);
            }
        }
        callWaiting();
    }

    /** Each at most once: who still finds no room waits again, behind the others. */
    private void callWaiting() {
        int most;
        synchronized (this) {
            most = waiting.size();
        }
        for (int called = 0; called < most; called++) {
            Runnable next = nextWaiting();
            if (next == null) {
                return;
            }
            next.run();
        }
    }

    private void count(boolean fills, int fetches, long bytes) {
        running += fetches;
        filling += fills ? fetches : 0;
        runningBytes += bytes;
        metrics.add(Metric.PREFETCHES_RUNNING, fetches);
        metrics.add(Metric.PREFETCHES_RUNNING_BYTES, bytes);
    }

    /** Has {@code retry} called once when there is room again, by a thread that holds no lock. */
    synchronized void callWhenThereIsRoom(Runnable retry) {
        if (waiting.size() < MAX_WAITING && running > 0) {
            waiting.add(retry);
        }
    }

    synchronized void forget(Runnable retry) {
        waiting.remove(retry);
    }

    private synchronized @Nullable Runnable nextWaiting() {
        boolean full = running >= Math.max(prefetches, bringing) || runningBytes >= bringingBytes;
        if (waiting.isEmpty() || full || demandWaiting.get() > 0) {
            return null;
        }
        Iterator<Runnable> all = waiting.iterator();
        Runnable next = all.next();
        all.remove();
        return next;
    }
}
