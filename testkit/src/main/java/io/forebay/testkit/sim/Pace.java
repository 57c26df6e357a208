package io.forebay.testkit.sim;

import java.util.concurrent.locks.LockSupport;

/**
 * A rate that is not exceeded: whoever uses some of it learns until when to wait.
 *
 * <p>It keeps one number, the moment at which everything let through so far would have passed at the rate. What was
 * missed by sleeping too long is made up for, up to {@link #SLACK_NANOS}; an idle time is not saved up.
 */
final class Pace {
    /** Some ten times what a sleep lasts too long. */
    private static final long SLACK_NANOS = 2_000_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private long passedNanos = Long.MIN_VALUE;

    /** Uses {@code amount} of a rate per second, and gives the moment, by {@link System#nanoTime}, to wait for. */
    synchronized long use(long amount, long perSecond, long nowNanos) {
        long from = passedNanos == Long.MIN_VALUE || passedNanos - (nowNanos - SLACK_NANOS) < 0
                ? nowNanos - SLACK_NANOS
                : passedNanos;
        passedNanos = from + (long) ((double) amount / perSecond * NANOS_PER_SECOND);
        return passedNanos;
    }

    /** Waits for a moment. */
    static void await(long untilNanos) {
        for (long left = untilNanos - System.nanoTime(); left > 0; left = untilNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
