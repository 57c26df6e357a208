package io.forebay.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a store that is too busy is left alone, and how fast it is asked then. */
class PaceTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    private final Pace pace = new Pace(RetryPolicy.DEFAULT, Duration.ofMinutes(1), new Random(1));
    private long nowNanos = -5 * SECOND;

    /** One request that takes no time, as soon as it may begin, and is answered. */
    private void ask() {
        nowNanos += pace.waitNanos(nowNanos);
        pace.begins(nowNanos);
        pace.answered(nowNanos + 1, nowNanos);
    }

    private boolean refuse(@Nullable Duration asked) {
        nowNanos += pace.waitNanos(nowNanos);
        pace.begins(nowNanos);
        return pace.throttled(nowNanos + 1, nowNanos, asked);
    }

    private int askedIn(Duration time) {
        long endNanos = nowNanos + time.toNanos();
        int asked = 0;
        while (nowNanos + pace.waitNanos(nowNanos) < endNanos) {
            ask();
            // Faster than this nobody asks here.
            nowNanos += MILLISECOND / 10;
            asked++;
        }
        nowNanos = endNanos;
        return asked;
    }

    /** The store bears {@code perSecond}, and that is what it got in the last second. */
    private void bear(int perSecond) {
        for (int index = 0; index < perSecond; index++) {
            nowNanos += SECOND / perSecond;
            ask();
        }
    }

    @Test
    void aStoreThatIsNeverBusyIsNotHeldUp() {
        for (int index = 0; index < 100_000; index++) {
            assertThat(pace.waitNanos(nowNanos)).isZero();
            ask();
        }
        assertThat(pace.perSecond()).isZero();
    }

    @Test
    void itIsLeftAloneForAsLongAsItAsksAndLittleLonger() {
        assertThat(refuse(Duration.ofSeconds(3))).isTrue();
        assertThat(pace.closedNanos(nowNanos)).isBetween(3 * SECOND, 3 * SECOND + 3 * SECOND / 10 + 1);
        assertThat(pace.closedNanos(nowNanos + 4 * SECOND)).isZero();
    }

    @Test
    void noRequestMakesItWaitForADay() {
        refuse(Duration.ofDays(1));
        assertThat(pace.closedNanos(nowNanos)).isLessThanOrEqualTo(66 * SECOND);
    }

    @Test
    void withoutARequestThePauseDoubles() {
        Duration most = RetryPolicy.DEFAULT.firstPause();
        for (int time = 0; time < 12; time++) {
            refuse(null);
            assertThat(pace.closedNanos(nowNanos)).isBetween(most.dividedBy(2).toNanos(), most.toNanos() + 1);
            Duration doubled = most.multipliedBy(2);
            most = doubled.compareTo(RetryPolicy.DEFAULT.longestPause()) < 0
                    ? doubled
                    : RetryPolicy.DEFAULT.longestPause();
        }
        ask();
        refuse(null);
        assertThat(pace.closedNanos(nowNanos))
                .isLessThanOrEqualTo(RetryPolicy.DEFAULT.firstPause().toNanos() + 1);
    }

    @Test
    void thoseWhoWereSentAwayTogetherCountOnce() {
        bear(100);
        long began = nowNanos;
        assertThat(pace.throttled(began + 10, began, null)).isTrue();
        long closed = pace.closedNanos(nowNanos);
        for (int index = 0; index < 50; index++) {
            assertThat(pace.throttled(began + 20 + index, began + index % 10, null))
                    .isFalse();
        }
        assertThat(pace.closedNanos(nowNanos)).isEqualTo(closed);
        assertThat(pace.perSecond()).isEqualTo(80);
    }

    @Test
    void itIsThenAskedALittleLessThanItBoreAndSlowlyMore() {
        bear(100);
        refuse(Duration.ofSeconds(1));
        nowNanos += 2 * SECOND;
        assertThat(askedIn(Duration.ofSeconds(1))).isBetween(78, 88);
        assertThat(askedIn(Duration.ofSeconds(3))).isBetween(250, 295);
        assertThat(pace.perSecond()).isBetween(92L, 104L);
    }

    @Test
    void whatWasSomebodyElsesDoingIsForgotten() {
        bear(100);
        refuse(Duration.ofSeconds(1));
        askedIn(Duration.ofSeconds(20));
        assertThat(pace.perSecond()).isBetween(200L, 1_000L);
        askedIn(Duration.ofSeconds(30));
        assertThat(pace.perSecond()).isZero();
        assertThat(pace.waitNanos(nowNanos)).isZero();
    }

    @Test
    void aStoreThatBearsNothingIsAskedOnceASecond() {
        refuse(null);
        nowNanos += SECOND;
        assertThat(askedIn(Duration.ofSeconds(3))).isBetween(3, 5);
    }

    @Test
    void aLimitIsFoundAndKeptWithFewRefusals() {
        int limit = 100;
        long second = Math.floorDiv(nowNanos, SECOND);
        int inSecond = 0;
        int answered = 0;
        int refused = 0;
        for (long end = nowNanos + 60 * SECOND; nowNanos < end; ) {
            nowNanos += pace.waitNanos(nowNanos) + MILLISECOND;
            long now = Math.floorDiv(nowNanos, SECOND);
            inSecond = now == second ? inSecond + 1 : 1;
            second = now;
            if (inSecond > limit) {
                refuse(Duration.ofSeconds(1));
                refused++;
            } else {
                ask();
                answered++;
            }
        }
        assertThat(refused).isBetween(1, 25);
        assertThat(answered).isGreaterThan(60 * limit * 6 / 10);
    }
}
