package io.forebay.testkit.time;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands still until a test moves it, or until somebody sleeps on it, which passes the time at once. */
public final class ManualClock implements Clock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Duration> sleeps = new ArrayList<>();
    private long elapsedNanos;

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
        return elapsedNanos;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(elapsedNanos);
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
