package io.forebay.blob;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between attempts: doubling from {@code firstPause} to {@code longestPause}, each time somewhere
 * between half of that and all of it, so that many clients who failed together do not come back together.
 *
 * @param firstPause before the second attempt
 * @param longestPause the most; a store that asks for more gets it
 * @param corruptAttempts how many attempts in a row may end in {@code Corrupt} without one right byte more
 */
public record RetryPolicy(Duration firstPause, Duration longestPause, int corruptAttempts) {
    /** A hiccup costs a tenth of a second; a store that is down for a minute is asked some ten times. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(10), 3);

    public RetryPolicy {
        if (firstPause.compareTo(Duration.ofMillis(1)) < 0 || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("not a policy: pauses from " + firstPause + " to " + longestPause);
        }
        if (corruptAttempts < 1) {
            throw new IllegalArgumentException("at least one attempt, not " + corruptAttempts);
        }
    }

    /** The pause behind the {@code failures}-th failure in a row, counted from 1. */
    Duration pause(int failures, RandomGenerator random) {
        // 2^20 first pauses are more than any longest one; the limit keeps the shift within a long.
        long doubled = firstPause.toNanos() << Math.min(failures - 1, 20);
        long most = Math.min(doubled < 0 ? Long.MAX_VALUE : doubled, longestPause.toNanos());
        return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
    }
}
