package io.forebay.testkit.time;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that moves when a test says so, or when somebody sleeps on it, which passes the time at once. */
public final class ManualClock implements Clock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final long tickNanos;
    private final List<Duration> sleeps = new ArrayList<>();
    private long elapsedNanos;

    /** A clock that stands still. */
    public ManualClock() {
        this(0);
    }

    private ManualClock(long tickNanos) {
        this.tickNanos = tickNanos;
    }

    /** A clock that goes on by one microsecond each time it is read: no two moments of a real one are the same either. */
    public static ManualClock ticking() {
        return new ManualClock(1_000);
    }

    /** Moves the clock on. */
    public synchronized void advance(Duration duration) {
        elapsedNanos += duration.toNanos();
    }

    /** Every sleep so far, in order. */
    public synchronized List<Duration> sleeps() {
        return List.copyOf(sleeps);
    }

    @Override
    public synchronized long nanoTime() {
        elapsedNanos += tickNanos;
        return elapsedNanos;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanoTime());
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a sleep of " + duration);
        }
        sleeps.add(duration);
        elapsedNanos += duration.toNanos();
    }
}
