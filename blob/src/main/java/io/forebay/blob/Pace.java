package io.forebay.blob;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When the next attempt on a store may begin, learnt from how it answers.
 *
 * <p>A store that is too busy for a request (429, 503) gets none for as long as it asks for, or for a pause that doubles
 * from one time to the next. From then on there is a rate: a little below what it last bore for a second. The rate grows
 * slowly up to that and faster beyond, since the limit may have been somebody else's doing, until the next refusal or until
 * it is so high that it is forgotten. Not safe for threads.
 */
final class Pace {
    private static final double SECOND = 1e9;

    /** What was borne in the last second is counted in so many parts. */
    private static final int SLOTS = 10;

    private static final long SLOT_NANOS = 100_000_000;

    /** The share of what was borne that is asked for next: a little less, so that some seconds pass without a refusal. */
    private static final double BACK_OFF = 0.8;

    /** Below what was once borne, the share of it that is added each second: back there in 5 s. */
    private static final double RETURN_PER_SECOND = 0.04;

    /** Beyond, the growth in a second: tenfold in 24 s. */
    private static final double SEARCH_PER_SECOND = 0.1;

    /** A rate that is so many times what was once too much limits nobody. */
    private static final double FORGOTTEN_AT = 10;

    /** What was not asked for may be asked for together, if it was not longer ago: sleeping is not exact. */
    private static final long BURST_NANOS = 20_000_000;

    /** Growth over a longer time than this is not counted; nothing was asked in the meantime. */
    private static final double LONGEST_GROWTH_SECONDS = 60;

    private final RetryPolicy policy;
    private final Duration longestClosed;
    private final RandomGenerator random;

    private final long[] answeredInSlot = new long[SLOTS];
    private long slot;

    private boolean limited;
    private double perSecond;
    private double bornePerSecond;
    private long grownAtNanos;
    private long nextNanos;

    private boolean everThrottled;
    private long throttledAtNanos;
    private int throttledInARow;
    private long closedUntilNanos;

    Pace(RetryPolicy policy, Duration longestClosed, RandomGenerator random) {
        this.policy = policy;
        this.longestClosed = longestClosed;
        this.random = random;
    }

    /** How long until the next attempt may begin. */
    long waitNanos(long nowNanos) {
        long untilNext = limited ? nextNanos - nowNanos : 0;
        return Math.max(0, Math.max(untilNext, closedNanos(nowNanos)));
    }

    /** How long nothing at all may be asked. */
    long closedNanos(long nowNanos) {
        return everThrottled ? Math.max(0, closedUntilNanos - nowNanos) : 0;
    }

    /** The limit, for a gauge: 0 if there is none. */
    long perSecond() {
        return limited ? Math.round(perSecond) : 0;
    }

    /** An attempt begins. */
    void begins(long nowNanos) {
        if (!limited) {
            return;
        }
        grow(nowNanos);
        nextNanos = Math.max(nextNanos, nowNanos - BURST_NANOS) + (long) (SECOND / perSecond);
    }

    private void grow(long nowNanos) {
        double seconds = Math.min((nowNanos - grownAtNanos) / SECOND, LONGEST_GROWTH_SECONDS);
        grownAtNanos = nowNanos;
        perSecond = perSecond < bornePerSecond
                ? perSecond + bornePerSecond * RETURN_PER_SECOND * seconds
                : perSecond * Math.pow(1 + SEARCH_PER_SECOND, seconds);
        limited = perSecond < bornePerSecond * FORGOTTEN_AT;
    }

    /** The store has answered an attempt, well or not. */
    void answered(long nowNanos, long beganNanos) {
        turnTo(nowNanos);
        answeredInSlot[(int) Math.floorMod(slot, (long) SLOTS)]++;
        if (!isOldNews(beganNanos)) {
            throttledInARow = 0;
        }
    }

    /**
     * The store was too busy for an attempt.
     *
     * @param asked how long it wants to be left alone, or null if it did not say
     * @return whether that is news: of those who were sent away together only the first is
     */
    boolean throttled(long nowNanos, long beganNanos, @Nullable Duration asked) {
        boolean news = !isOldNews(beganNanos);
        if (news) {
            throttledInARow++;
            slowDown(nowNanos);
            closedUntilNanos = nowNanos;
            throttledAtNanos = nowNanos;
            everThrottled = true;
        }
        if (news || asked != null) {
            closedUntilNanos =
                    Math.max(closedUntilNanos, nowNanos + pause(asked).toNanos());
            nextNanos = Math.max(nextNanos, closedUntilNanos);
            grownAtNanos = closedUntilNanos;
        }
        return news;
    }

    private boolean isOldNews(long beganNanos) {
        return everThrottled && beganNanos - throttledAtNanos <= 0;
    }

    /** A tenth more than was asked for at most, so that those who were sent away together do not come back together. */
    private Duration pause(@Nullable Duration asked) {
        if (asked == null) {
            return policy.pause(throttledInARow, random);
        }
        Duration least = asked.compareTo(longestClosed) < 0 ? asked : longestClosed;
        return least.plusNanos(random.nextLong(least.toNanos() / 10 + 1));
    }

    private void slowDown(long nowNanos) {
        turnTo(nowNanos);
        long borne = 0;
        for (long answered : answeredInSlot) {
            borne += answered;
        }
        // A store that bears nothing at all is asked once a second, and less often by the pauses between.
        bornePerSecond = Math.max(1, limited ? Math.min((double) borne, perSecond) : (double) borne);
        perSecond = Math.max(1, bornePerSecond * BACK_OFF);
        limited = true;
        nextNanos = nowNanos;
    }

    private void turnTo(long nowNanos) {
        long now = Math.floorDiv(nowNanos, SLOT_NANOS);
        long from = Math.max(slot + 1, now - SLOTS + 1);
        for (long passed = from; passed <= now; passed++) {
            answeredInSlot[(int) Math.floorMod(passed, (long) SLOTS)] = 0;
        }
        slot = Math.max(slot, now);
    }
}
