package io.forebay.testkit.sim;

import java.util.random.RandomGenerator;

/** Keeps the {@link Limits}: makes connections wait, and says when there are too many requests. */
final class Shaper {
    /** A limited connection moves its bytes in pieces that last about this long, so that the flow is even. */
    private static final long PIECE_NANOS = 2_000_000;

    private static final long LEAST_PIECE_BYTES = 4 << 10;
    private static final double NANOS_PER_SECOND = 1e9;

    private final RandomGenerator random;
    private final Pace totalIn = new Pace();
    private final Pace totalOut = new Pace();
    private volatile Limits limits;

    // Guarded by this: what is left of the present second's requests.
    private long secondBeganNanos;
    private long requestsInSecond;

    /** @param random is used under this object's lock */
    Shaper(Limits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
        this.secondBeganNanos = System.nanoTime();
    }

    Limits limits() {
        return limits;
    }

    void limits(Limits other) {
        limits = other;
    }

    /** Whether one more request is within the limit. */
    synchronized boolean admits() {
        long limit = limits.requestsPerSecond();
        long now = System.nanoTime();
        if (now - secondBeganNanos >= NANOS_PER_SECOND) {
            secondBeganNanos = now;
            requestsInSecond = 0;
        }
        return ++requestsInSecond <= limit || limit == 0;
    }

    /** Waits for as long as the store takes to begin an answer. */
    void awaitFirstByte(long requestEndNanos) {
        Limits now = limits;
        long nanos = now.latencyMillis() * 1_000_000;
        if (now.jitterMillis() > 0) {
            nanos += jitter(now.jitterMillis() * 1_000_000);
        }
        if (nanos > 0) {
            Pace.await(requestEndNanos + nanos);
        }
    }

    private synchronized long jitter(long mostNanos) {
        return random.nextLong(mostNanos + 1);
    }

    /** The share of one connection. */
    Lane lane() {
        return new Lane();
    }

    final class Lane {
        private final Pace in = new Pace();
        private final Pace out = new Pace();

        /** The most bytes to write at once. */
        long pieceBytes() {
            Limits now = limits;
            long rate = least(now.connectionBytesPerSecond(), now.totalBytesPerSecond());
            return rate == 0
                    ? SyntheticContent.SLICE_BYTES
                    : Math.clamp(
                            (long) (rate * (PIECE_NANOS / NANOS_PER_SECOND)),
                            LEAST_PIECE_BYTES,
                            SyntheticContent.SLICE_BYTES);
        }

        private static long least(long one, long other) {
            return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
        }

        /** Waits until so many bytes may have been sent. */
        void sending(long bytes) {
            pass(bytes, out, totalOut);
        }

        /** Waits until so many bytes may have been received. */
        void received(long bytes) {
            pass(bytes, in, totalIn);
        }

        private void pass(long bytes, Pace own, Pace total) {
            Limits now = limits;
            long started = System.nanoTime();
            long until = started;
            if (now.connectionBytesPerSecond() > 0) {
                until = Math.max(until, own.use(bytes, now.connectionBytesPerSecond(), started));
            }
            if (now.totalBytesPerSecond() > 0) {
                until = Math.max(until, total.use(bytes, now.totalBytesPerSecond(), started));
            }
            Pace.await(until);
        }
    }
}
