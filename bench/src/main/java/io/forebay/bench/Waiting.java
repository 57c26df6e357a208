package io.forebay.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting, with a limit. Nobody interrupts the one thread of a benchmark; if somebody does, it ends. */
final class Waiting {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private Waiting() {}

    /** A condition to wait for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /** @throws IOException that {@code complaint}, if the condition does not hold in time */
    static void until(Duration limit, String complaint, Condition condition) throws IOException {
        long giveUpAt = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > giveUpAt) {
                throw new IOException(complaint);
            }
            pause(LOOK_INTERVAL);
        }
    }

    /** Whether the process ended in time. */
    static boolean forEnd(Process process, Duration limit) throws IOException {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            throw interrupted();
        }
    }

    static void pause(Duration length) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException stop) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
