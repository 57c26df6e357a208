package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadPatternTest {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long SIZE = 1L << 40;

    private final ReadPattern pattern = new ReadPattern(CacheSettings.DEFAULTS);

    @Test
    void theWindowIsAMultipleOfWhatWasReadUpToItsLimit() {
        assertThat(pattern.note(0, 128 * KIB, SIZE).demandBytes()).isEqualTo(256 * KIB);
        Advice second = pattern.note(128 * KIB, 128 * KIB, SIZE);
        assertThat(second.ahead()).containsExactly(new Advice.Span(256 * KIB, 1280 * KIB));
        assertThat(second.fetchBytes()).isEqualTo(256 * KIB);
        for (long at = 256 * KIB; at < 64 * MIB; at += 256 * KIB) {
            pattern.note(at, 256 * KIB, SIZE);
        }
        Advice late = pattern.note(64 * MIB, 256 * KIB, SIZE);
        assertThat(late.fetchBytes()).isEqualTo(4 * MIB);
        assertThat(bytes(late)).isBetween(124 * MIB, 128 * MIB);
    }

    @Test
    void theWindowEndsWithTheFile() {
        pattern.note(0, MIB, 3 * MIB);
        assertThat(pattern.note(MIB, MIB, 3 * MIB).ahead()).containsExactly(new Advice.Span(2 * MIB, 3 * MIB));
    }

    @Test
    void randomReadsPromiseNothing() {
        Random random = new Random(7);
        long promised = 0;
        for (int read = 0; read < 100_000; read++) {
            promised +=
                    bytes(pattern.note((long) (random.nextDouble() * (64L << 30)) / 4096 * 4096, 4 * KIB, 64L << 30));
        }
        assertThat(promised).as("for 400 MB asked").isLessThan(40 * MIB);
    }

    @Test
    void severalReadersInOneFileAreSeveralRuns() {
        for (int step = 0; step < 64; step++) {
            for (int reader = 0; reader < 8; reader++) {
                pattern.note(reader * 1000L * MIB + step * MIB, MIB, SIZE);
            }
        }
        for (int reader = 0; reader < 8; reader++) {
            assertThat(bytes(pattern.note(reader * 1000L * MIB + 64 * MIB, MIB, SIZE)))
                    .isGreaterThan(60 * MIB);
        }
    }

    @Test
    void requestsThatOvertakeOneAnotherAreOneRun() {
        pattern.note(0, 128 * KIB, SIZE);
        pattern.note(512 * KIB, 128 * KIB, SIZE);
        pattern.note(384 * KIB, 128 * KIB, SIZE);
        pattern.note(128 * KIB, 128 * KIB, SIZE);
        Advice closed = pattern.note(256 * KIB, 128 * KIB, SIZE);
        assertThat(closed.ahead().getFirst().from()).isEqualTo(640 * KIB);
    }

    @Test
    void readingDownwardsIsForeseenNearestFirst() {
        for (long at = 100; at > 95; at--) {
            pattern.note(at * MIB, MIB, SIZE);
        }
        List<Advice.Span> ahead = pattern.note(95 * MIB, MIB, SIZE).ahead();
        assertThat(ahead.getFirst().to()).isEqualTo(95 * MIB);
        assertThat(ahead).isSortedAccordingTo((one, other) -> Long.compare(other.from(), one.from()));
        assertThat(ahead).allMatch(span -> span.from() < span.to());
    }

    @Test
    void ofAStrideTheNextOnesAreForeseenAndNotWhatLiesBetween() {
        Advice advice = Advice.NONE;
        for (long step = 0; step < 6; step++) {
            advice = pattern.note(MIB + step * 512 * KIB, 4 * KIB, SIZE);
        }
        assertThat(advice.ahead()).hasSizeGreaterThan(3).allMatch(span -> span.to() - span.from() == 4 * KIB);
        assertThat(advice.ahead().getFirst().from()).isEqualTo(MIB + 6 * 512 * KIB);
    }

    @Test
    void aStrideMayLeadDownwardsAndEndsAtTheStart() {
        Advice advice = Advice.NONE;
        for (long step = 6; step >= 1; step--) {
            advice = pattern.note(step * 8 * MIB, 64 * KIB, SIZE);
        }
        assertThat(advice.ahead()).containsExactly(new Advice.Span(0, 64 * KIB));
    }

    @Test
    void windowsThatNobodyReadsShrinkTheNextOnes() {
        long first = 0;
        long last = 0;
        for (long record = 1; record < 200; record++) {
            long at = record * record * 64 * MIB;
            for (int piece = 0; piece < 8; piece++) {
                last = bytes(pattern.note(at + piece * 128L * KIB, 128 * KIB, SIZE));
            }
            first = record == 1 ? last : first;
        }
        assertThat(last).isLessThanOrEqualTo(first / 8);
    }

    private static long bytes(Advice advice) {
        return advice.ahead().stream()
                .mapToLong(span -> span.to() - span.from())
                .sum();
    }
}
