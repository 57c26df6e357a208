package io.forebay.blob.directory;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock whose date is a given distance ahead of the machine's; it runs and sleeps like the machine's. */
record AheadClock(Duration ahead) implements Clock {
    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now().plus(ahead);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }
}
