package io.forebay.blob;

import io.forebay.base.error.ForebayException.Interrupted;
import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The door to one store, through which every attempt passes: it keeps so many out as the store cannot bear. {@link Pace}
 * says when the next attempt may begin, {@link ParallelLimit} how many may run at once.
 *
 * <p>Who waits goes in by seniority: the operation that began first is first, and keeps its place when the store turned
 * it away. So none waits for ever, whoever else comes, and however many read ahead.
 */
final class StoreGate {
    private final Clock clock;
    private final Metrics metrics;
    private final LongAdder movedBytes = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}, like all that follows. */
    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiter::ticket));

    private final Pace pace;
    private final ParallelLimit limit;
    private long nextTicket;
    private int running;
    private int shownLimit;
    private long shownRate;

    StoreGate(RetryPolicy policy, GateSettings settings, Clock clock, RandomGenerator random, Metrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
        this.pace = new Pace(policy, settings.longestClosed(), random);
        this.limit = new ParallelLimit(settings, clock.nanoTime());
        show();
    }

    /** One who waits, and what wakes it. */
    private static final class Waiter {
        private final long ticket;
        private final Condition turn;

        Waiter(long ticket, Condition turn) {
            this.ticket = ticket;
            this.turn = turn;
        }

        long ticket() {
            return ticket;
        }
    }

    /** The place of an operation that begins now. */
    long ticket() {
        lock.lock();
        try {
            nextTicket++;
            return nextTicket;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the operation with that ticket may ask the store once.
     *
     * @throws Unavailable when that is not before the deadline
     */
    Pass enter(long ticket, Deadline deadline) throws Unavailable, Interrupted {
        lock.lock();
        try {
            long nowNanos = clock.nanoTime();
            if (waiting.isEmpty() && running < limit.current() && pace.waitNanos(nowNanos) == 0) {
                return begin(nowNanos);
            }
            return waitForTurn(ticket, deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Interrupted("interrupted while waiting for a turn to ask the store", interrupted);
        } finally {
            lock.unlock();
        }
    }

    private Pass waitForTurn(long ticket, Deadline deadline) throws Unavailable, InterruptedException {
        Waiter me = new Waiter(ticket, lock.newCondition());
        waiting.add(me);
        metrics.add(Metric.STORE_WAITING, 1);
        try {
            while (true) {
                long nowNanos = clock.nanoTime();
                long remainingNanos = deadline.remaining().toNanos();
                if (remainingNanos == 0 || pace.closedNanos(nowNanos) >= remainingNanos) {
                    throw notInTime(nowNanos);
                }
                if (waiting.peek() != me || running >= limit.current()) {
                    limit.refused();
                    // Only a call that ends, or another that waits no more, can give it its turn; each wakes the first.
                    long _ = me.turn.awaitNanos(remainingNanos);
                    continue;
                }
                long pauseNanos = Math.min(pace.waitNanos(nowNanos), remainingNanos);
                if (pauseNanos == 0) {
                    return begin(nowNanos);
                }
                sleep(pauseNanos);
            }
        } finally {
            waiting.remove(me);
            metrics.add(Metric.STORE_WAITING, -1);
            wakeFirst();
        }
    }

    private Unavailable notInTime(long nowNanos) {
        return new Unavailable(
                pace.closedNanos(nowNanos) > 0
                        ? "the store asks to be left alone until after the deadline"
                        : "no turn to ask the store before the deadline");
    }

    /** Without the lock, on the clock that tests hold. */
    private void sleep(long nanos) throws InterruptedException {
        lock.unlock();
        try {
            clock.sleep(Duration.ofNanos(nanos));
        } finally {
            lock.lock();
        }
    }

    private Pass begin(long nowNanos) {
        pace.begins(nowNanos);
        running++;
        metrics.add(Metric.STORE_RUNNING, 1);
        return new Pass(nowNanos);
    }

    private void wakeFirst() {
        Waiter first = waiting.peek();
        if (first != null) {
            first.turn.signal();
        }
    }

    private void end(Pass pass) {
        lock.lock();
        try {
            long nowNanos = clock.nanoTime();
            running--;
            metrics.add(Metric.STORE_RUNNING, -1);
            Unavailable failure = pass.failure;
            if (failure != null && failure.isThrottling()) {
                metrics.increment(Metric.STORE_THROTTLED);
                if (pace.throttled(
                        nowNanos, pass.beganNanos, failure.retryAfter().orElse(null))) {
                    limit.throttled(nowNanos);
                }
            } else {
                if (failure == null) {
                    pace.answered(nowNanos, pass.beganNanos);
                }
                limit.ended(nowNanos, movedBytes.sum());
            }
            show();
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Moves the gauges to where the limits are. */
    private void show() {
        metrics.add(Metric.STORE_PARALLEL_LIMIT, limit.current() - shownLimit);
        shownLimit = limit.current();
        metrics.add(Metric.STORE_RATE_LIMIT, pace.perSecond() - shownRate);
        shownRate = pace.perSecond();
    }

    /** One attempt that was let in. Used by one thread, and closed when the attempt has ended. */
    final class Pass implements AutoCloseable {
        private final long beganNanos;
        private @Nullable Unavailable failure;

        private Pass(long beganNanos) {
            this.beganNanos = beganNanos;
        }

        /** So many bytes of a blob went one way or the other. */
        void moved(long bytes) {
            movedBytes.add(bytes);
        }

        /** The attempt has ended so; otherwise the store is taken to have answered. */
        void failed(Unavailable reason) {
            failure = reason;
        }

        @Override
        public void close() {
            end(this);
        }
    }
}
