package io.forebay.blob.azure.plane;

import io.forebay.base.time.Deadline;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes the sockets of calls whose time is up: past their deadline, or without progress for the stall limit.
 *
 * <p>A socket's own time limits hold for reading alone, and only through a copy of the bytes; closing the socket ends
 * whatever waits on it.
 */
final class Watchdog implements AutoCloseable {
    private static final Duration THREAD_KEPT = Duration.ofSeconds(20);

    /** Not less, so that a clock that is held still costs no more than a look now and then. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(1);

    private final Duration stallLimit;
    private final ScheduledThreadPoolExecutor timer;

    Watchdog(Duration stallLimit) {
        this.stallLimit = stallLimit;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("azure-watchdog").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(THREAD_KEPT.toNanos(), TimeUnit.NANOSECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /** Begins to watch one call. */
    Watch watch(Deadline deadline) {
        return new Watch(deadline);
    }

    /** Runs {@code task} once, later; not at all after {@link #close}. */
    void later(Duration delay, Runnable task) {
        @Nullable Future<?> _ = schedule(delay, task);
    }

    private @Nullable Future<?> schedule(Duration delay, Runnable task) {
        Duration atLeast = delay.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : delay;
        try {
            return timer.schedule(task, atLeast.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // Whoever closes this closes the sockets too.
            return null;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One call under watch. */
    final class Watch implements AutoCloseable {
        private final Deadline deadline;
        private volatile long movedAtNanos;
        private volatile Duration patience = stallLimit;
        /** Guarded by this, like what follows. Closing a socket does not wait, so it is done under the lock. */
        private @Nullable Runnable abandon;

        private @Nullable Future<?> look;
        private @Nullable String verdict;
        private boolean ended;

        private Watch(Deadline deadline) {
            this.deadline = deadline;
            this.movedAtNanos = deadline.clock().nanoTime();
        }

        Deadline deadline() {
            return deadline;
        }

        /**
         * Has {@code closing} end the call, should its time be up.
         *
         * @param limit the longest time without progress from now on, if that is less than the stall limit
         */
        void guard(Runnable closing, Duration limit) throws SocketTimeoutException {
            moved();
            synchronized (this) {
                abandon = closing;
                patience = limit.compareTo(stallLimit) < 0 ? limit : stallLimit;
                if (look != null) {
                    look.cancel(false);
                }
                look = schedule(untilNextLook(), this::look);
            }
            check();
        }

        void guard(Runnable closing) throws SocketTimeoutException {
            guard(closing, stallLimit);
        }

        /** Leaves alone what was guarded. */
        void release() {
            synchronized (this) {
                abandon = null;
            }
        }

        /** A byte went one way or the other. */
        void moved() {
            movedAtNanos = deadline.clock().nanoTime();
        }

        /** Fails if the time is up; says why a socket was closed. */
        void check() throws SocketTimeoutException {
            synchronized (this) {
                if (verdict == null && deadline.passed()) {
                    verdict = "no answer before the deadline";
                }
                if (verdict != null) {
                    throw new SocketTimeoutException(verdict);
                }
            }
        }

        private void look() {
            synchronized (this) {
                if (ended) {
                    return;
                }
                if (deadline.passed()) {
                    end("no answer before the deadline");
                } else if (stillNanos() >= patience.toNanos()) {
                    end("nothing moved for " + patience.toMillis() + " ms");
                } else {
                    look = schedule(untilNextLook(), this::look);
                }
            }
        }

        private void end(String reason) {
            verdict = reason;
            if (abandon != null) {
                abandon.run();
            }
        }

        private long stillNanos() {
            return deadline.clock().nanoTime() - movedAtNanos;
        }

        private Duration untilNextLook() {
            Duration untilStall = patience.minusNanos(stillNanos());
            Duration remaining = deadline.remaining();
            return untilStall.compareTo(remaining) < 0 ? untilStall : remaining;
        }

        /** Ends the watch. */
        @Override
        public void close() {
            synchronized (this) {
                ended = true;
                if (look != null) {
                    look.cancel(false);
                }
            }
        }
    }
}
