package io.forebay.fs.kernel;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of a mount, and thereby the bound on requests under way: who needs one when all are taken waits, and so
 * the kernel's queue fills up instead of our memory. The one returned last is handed out first, so that few of them
 * stay warm; those at the bottom give their memory back.
 */
final class ExchangePool implements AutoCloseable {
    /** Idle exchanges that keep their memory: at 1 MiB each, what two readers and a few waiting requests use. */
    private static final int WARM = 6;
    /** Less than this is not worth a system call. */
    private static final long WORTH_DROPPING_BYTES = 64 << 10;

    private final int limit;
    private final int maxDataBytes;
    private final Semaphore free;
    private final Arena arena = Arena.ofShared();
    private final ArrayDeque<Exchange> idle = new ArrayDeque<>();

    /**
     * @param limit how many there may be
     * @param maxDataBytes the most that one READ or WRITE moves
     */
    ExchangePool(int limit, int maxDataBytes) {
        this.limit = limit;
        this.maxDataBytes = maxDataBytes;
        this.free = new Semaphore(limit);
    }

    /** Waits until one is free. */
    Exchange take() {
        free.acquireUninterruptibly();
        Exchange warm = pollIdle();
        return warm != null ? warm : Exchange.allocate(maxDataBytes, arena);
    }

    void giveBack(Exchange exchange) {
        if (exchange.touchedBytes() > WORTH_DROPPING_BYTES && taken() > WARM) {
            exchange.dropPages();
        }
        synchronized (idle) {
            idle.addLast(exchange);
        }
        free.release();
    }

    private @Nullable Exchange pollIdle() {
        synchronized (idle) {
            return idle.pollLast();
        }
    }

    /** A gauge: how many are taken, those of waiting readers included. */
    int taken() {
        return limit - free.availablePermits();
    }

    /** Waits until all are given back; false if that took longer. */
    boolean awaitAll(Duration timeLimit) throws InterruptedException {
        boolean all = free.tryAcquire(limit, timeLimit.toNanos(), TimeUnit.NANOSECONDS);
        if (all) {
            free.release(limit);
        }
        return all;
    }

    /** Only when all are given back. */
    @Override
    public void close() {
        arena.close();
    }
}
