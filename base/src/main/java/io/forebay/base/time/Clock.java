package io.forebay.base.time;

import java.time.Duration;
import java.time.Instant;

/**
 * Time, as something that is handed in. Everything that waits, expires or measures takes a clock, so that a test can
 * hold it still.
 */
public interface Clock {
    /** A monotonic reading in nanoseconds; only differences mean anything. */
    long nanoTime();

    /** The wall clock. */
    Instant now();

    /** Waits for {@code duration} of this clock's time. */
    void sleep(Duration duration) throws InterruptedException;

    /** The wall clock in nanoseconds since 1970-01-01T00:00Z, as file times are kept. */
    default long nowNanos() {
        Instant now = now();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }

    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
