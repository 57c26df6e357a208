package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.metric.Metrics;
import org.junit.jupiter.api.Test;

class RandomReadsTest {
    private static final long GIB = 1L << 30;
    private static final long MISS_NANOS = 20_000_000;

    private final CacheSettings settings = CacheSettings.DEFAULTS;
    private final RandomReads reads =
            new RandomReads(settings, new FetchBudget(settings, () -> Long.MAX_VALUE, new Metrics()));

    @Test
    void aRegionIsFetchedWholeWhenThatCostsLittleForWhatIsAsked() {
        assertThat(RandomReads.paysWhole(64 * 4096, 40, 64)).isTrue();
        assertThat(RandomReads.paysWhole(32 * 4096, 40, 64))
                .as("32 bytes for a byte")
                .isFalse();
        assertThat(RandomReads.paysWhole(1 << 20, 15, 64))
                .as("few of its pages")
                .isFalse();
        assertThat(RandomReads.paysWhole(1 << 20, 64, 64)).as("all is here").isFalse();
    }

    @Test
    void whatIsAskedOfARegionAddsUpUntilAnotherTakesItsSlot() {
        assertThat(reads.note(100, 10)).isEqualTo(10);
        assertThat(reads.note(RandomReads.REGION_BYTES - 1, 10)).isEqualTo(20);
        assertThat(reads.note(RandomReads.REGION_BYTES, 10)).isEqualTo(10);
        assertThat(reads.note(1024 * RandomReads.REGION_BYTES, 5)).isEqualTo(5);
        assertThat(reads.note(0, 10)).isEqualTo(10);
    }

    @Test
    void aFileIsFilledAfterSomeMissesIfItFits() {
        for (int miss = 0; miss < 15; miss++) {
            reads.missed(MISS_NANOS);
        }
        assertThat(reads.paysFilling(GIB, 100 * GIB)).isFalse();
        reads.missed(MISS_NANOS);
        assertThat(reads.paysFilling(GIB, 100 * GIB)).isTrue();
        assertThat(reads.paysFilling(GIB, GIB)).as("no room").isFalse();
        assertThat(reads.paysFilling(0, 100 * GIB)).isFalse();
    }

    @Test
    void aLargerFileIsFilledLaterAndTheLargestNever() {
        for (int miss = 0; miss < 16; miss++) {
            reads.missed(MISS_NANOS);
        }
        assertThat(reads.paysFilling(8 * GIB, 1000 * GIB)).isFalse();
        for (int miss = 0; miss < 100_000; miss++) {
            reads.missed(MISS_NANOS);
        }
        assertThat(reads.paysFilling(8 * GIB, 1000 * GIB)).isTrue();
        assertThat(reads.paysFilling(64 * GIB, 1000 * GIB)).isFalse();
    }
}
