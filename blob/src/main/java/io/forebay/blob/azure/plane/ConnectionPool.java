package io.forebay.blob.azure.plane;

import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.azure.plane.Watchdog.Watch;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server: at most so many, the idle ones used last in first out, so that those which a quieter
 * time does not need grow old together and are closed.
 */
final class ConnectionPool implements AutoCloseable {
    /** Makes a connection. */
    interface Dialer {
        Connection dial(Watch watch) throws IOException;
    }

    /** How many there are. */
    record Counts(int busy, int idle) {}

    private final Dialer dialer;
    private final Duration idleLimit;
    private final Watchdog watchdog;
    /** One for each connection in use. Who holds one finds an idle connection, or may open another. */
    private final Semaphore permits;

    private final Object lock = new Object();
    /** Guarded by {@link #lock}, like what follows; the one used last comes first. */
    private final Deque<Connection> idle = new ArrayDeque<>();

    private final Set<Connection> busy = new HashSet<>();
    private boolean sweepIsDue;
    private boolean closed;

    ConnectionPool(Dialer dialer, int maxConnections, Duration idleLimit, Watchdog watchdog) {
        this.dialer = dialer;
        this.idleLimit = idleLimit;
        this.watchdog = watchdog;
        this.permits = new Semaphore(maxConnections, /* fair= */ true);
    }

    /** Waits for the right to one connection; each is given back by {@link #endCall}. */
    void beginCall(Deadline deadline) throws SocketTimeoutException, InterruptedException {
        if (!permits.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new SocketTimeoutException("no connection became free before the deadline");
        }
    }

    void endCall() {
        permits.release();
    }

    /** A kept connection, or a fresh one. */
    Connection take(Watch watch) throws IOException {
        for (Connection kept = newestIdle(watch); kept != null; kept = newestIdle(watch)) {
            boolean taken = false;
            try {
                if (kept.isUsable()) {
                    kept.beginCall(watch);
                    taken = true;
                    return kept;
                }
            } finally {
                if (!taken) {
                    discard(kept);
                }
            }
        }
        return open(watch);
    }

    /** A fresh connection. */
    Connection open(Watch watch) throws IOException {
        Connection fresh = dialer.dial(watch);
        synchronized (lock) {
            if (!closed) {
                busy.add(fresh);
                return fresh;
            }
        }
        fresh.close();
        throw new ClosedChannelException();
    }

    /** Keeps a connection that another request may be sent on. */
    void keep(Connection connection, Clock clock) {
        boolean sweep;
        synchronized (lock) {
            busy.remove(connection);
            if (closed) {
                connection.close();
                return;
            }
            connection.becomeIdle(clock.nanoTime());
            idle.addFirst(connection);
            sweep = !sweepIsDue;
            sweepIsDue = true;
        }
        if (sweep) {
            watchdog.later(idleLimit, () -> sweep(clock));
        }
    }

    /** Closes a connection that nothing may be sent on. */
    void discard(Connection connection) {
        connection.close();
        synchronized (lock) {
            busy.remove(connection);
        }
    }

    Counts counts() {
        synchronized (lock) {
            return new Counts(busy.size(), idle.size());
        }
    }

    private @Nullable Connection newestIdle(Watch watch) throws ClosedChannelException {
        closeOld(watch.deadline().clock());
        synchronized (lock) {
            if (closed) {
                throw new ClosedChannelException();
            }
            Connection newest = idle.pollFirst();
            if (newest != null) {
                busy.add(newest);
            }
            return newest;
        }
    }

    private void sweep(Clock clock) {
        closeOld(clock);
        synchronized (lock) {
            sweepIsDue = !closed && !idle.isEmpty();
            if (!sweepIsDue) {
                return;
            }
        }
        watchdog.later(idleLimit, () -> sweep(clock));
    }

    private void closeOld(Clock clock) {
        long nowNanos = clock.nanoTime();
        List<Connection> old = new ArrayList<>();
        synchronized (lock) {
            while (!idle.isEmpty() && nowNanos - idle.getLast().idleSinceNanos() >= idleLimit.toNanos()) {
                old.add(idle.removeLast());
            }
        }
        old.forEach(Connection::close);
    }

    /** Closes all of them; calls under way fail. */
    @Override
    public void close() {
        List<Connection> all;
        synchronized (lock) {
            closed = true;
            all = new ArrayList<>(idle);
            all.addAll(busy);
            idle.clear();
        }
        all.forEach(Connection::close);
    }
}
