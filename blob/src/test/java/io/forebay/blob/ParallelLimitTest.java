package io.forebay.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** More at once where that brings more, and no more where it does not. */
class ParallelLimitTest {
    private static final GateSettings SETTINGS = new GateSettings(16, 4, 128, Duration.ofMinutes(1));
    private static final long MEBIBYTE = 1 << 20;
    private static final double SECOND = 1e9;

    private final ParallelLimit limit = new ParallelLimit(SETTINGS, 0);
    private final Random random = new Random(3);
    private double nowNanos;
    private long movedBytes;
    private int highest = SETTINGS.firstParallel();

    /** Requests of a mebibyte, as many as may be, from a store that gives so much a second to so many. */
    private void run(double seconds, IntToDoubleFunction bytesPerSecond) {
        double end = nowNanos + seconds * SECOND;
        while (nowNanos < end) {
            double noise = 0.96 + random.nextDouble() * 0.08;
            nowNanos += MEBIBYTE / (bytesPerSecond.applyAsDouble(limit.current()) * noise) * SECOND;
            movedBytes += MEBIBYTE;
            limit.refused();
            limit.ended((long) nowNanos, movedBytes);
            highest = Math.max(highest, limit.current());
        }
    }

    @Test
    void aStoreThatIsFarGetsMoreAtOnceWithinASecond() {
        run(1, parallel -> parallel * 20e6);
        assertThat(limit.current()).isGreaterThanOrEqualTo(64);
        run(2, parallel -> parallel * 20e6);
        assertThat(limit.current()).isEqualTo(128);
    }

    @Test
    void aStoreThatIsNearGetsNoMoreThanItNeeds() {
        run(60, _ -> 1.5e9);
        assertThat(limit.current()).isLessThanOrEqualTo(32);
        assertThat(highest).isLessThanOrEqualTo(40);
    }

    @Test
    void itStopsWhereTheLineIsFull() {
        run(30, parallel -> Math.min(parallel * 50e6, 2e9));
        assertThat(limit.current()).isBetween(32, 80);
    }

    @Test
    void whereNobodyWaitsNothingChanges() {
        for (int index = 1; index < 10_000; index++) {
            limit.ended(index * 1_000_000L, index * MEBIBYTE * index);
        }
        assertThat(limit.current()).isEqualTo(16);
    }

    @Test
    void aBusyStoreGetsHalfAndNeverLessThanTheLeast() {
        limit.throttled(0);
        assertThat(limit.current()).isEqualTo(8);
        for (int time = 0; time < 5; time++) {
            limit.throttled(time);
        }
        assertThat(limit.current()).isEqualTo(4);
    }

    @Test
    void afterThatItGrowsSlowlyAgain() {
        run(1, parallel -> parallel * 20e6);
        limit.throttled((long) nowNanos);
        int halved = limit.current();
        run(2, parallel -> parallel * 20e6);
        assertThat(limit.current()).isEqualTo(halved);
        run(60, parallel -> parallel * 20e6);
        assertThat(limit.current()).isGreaterThan(100);
    }
}
