package io.forebay.base.time;

import java.time.Duration;

/**
 * The moment by which an operation must have ended, all its retries included. It is made once, where the operation
 * begins, and handed down unchanged.
 *
 * @param clock the clock it is read on
 * @param atNanos the moment, on {@link Clock#nanoTime()}
 */
public record Deadline(Clock clock, long atNanos) {
    /** The deadline {@code limit} from now. */
    public static Deadline after(Duration limit, Clock clock) {
        return new Deadline(clock, clock.nanoTime() + limit.toNanos());
    }

    /** The time left; zero once it has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - clock.nanoTime()));
    }

    /** Whether the time is up. */
    public boolean passed() {
        return atNanos - clock.nanoTime() <= 0;
    }
}
