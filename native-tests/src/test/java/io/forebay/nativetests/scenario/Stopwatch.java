package io.forebay.nativetests.scenario;

import java.time.Duration;
import java.util.Locale;

/** Times one job on a mount and on a plain folder, and prints the line by which they are compared. */
final class Stopwatch {
    private Stopwatch() {}

    /** Something that takes time. */
    @FunctionalInterface
    interface Timed {
        void run() throws Exception;
    }

    static Duration time(Timed timed) throws Exception {
        long startNanos = System.nanoTime();
        timed.run();
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    static void report(String scenario, String ground, Duration there, Duration plain) {
        System.out.printf(
                Locale.ROOT,
                "scenario=%s ground=%s seconds=%.2f plain=%.2f%n",
                scenario,
                ground,
                seconds(there),
                seconds(plain));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
