package io.forebay.testkit.time;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that moves when a test says so, and by one microsecond each time it is read, since no two moments of a real
 * one are the same either. Sleeping moves it on at once.
 */
public final class ManualClock implements Clock {
    private static final long TICK_NANOS = 1_000;

    private final Instant start;
    private final AtomicLong elapsedNanos = new AtomicLong();

    /** @param start what the wall clock shows at first; the monotonic reading begins at zero */
    public ManualClock(Instant start) {
        this.start = start;
    }

    /** Moves both readings on. */
    public void advance(Duration duration) {
        elapsedNanos.addAndGet(duration.toNanos());
    }

    @Override
    public long nanoTime() {
        return elapsedNanos.addAndGet(TICK_NANOS);
    }

    @Override
    public Instant now() {
        return start.plusNanos(nanoTime());
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }
}
