package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.blob.BlobVersion;
import io.forebay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * How long readers wait while very many contents are given up. {@code ./dev soak eviction} does it with 100,000, and prints
 * what the same readers waited without.
 */
class EvictionStallTest extends CacheFixture {
    private static final int ENTRIES = Integer.getInteger("forebay.eviction.entries", 5_000);
    private static final Duration LIFE = Duration.ofMinutes(10);
    /** A machine that is busy with other things stops everybody for as long as that. */
    private static final double LONGEST_MILLIS = 2_000;

    private final byte[] bytes = Bytes.random(100, 1);
    private final ManualClock clock = new ManualClock();
    private int added;

    /** What reads took, in milliseconds. */
    private record Reads(int count, double median, double p99, double longest) {
        static Reads of(long[] sortedNanos) {
            int last = sortedNanos.length - 1;
            return new Reads(
                    sortedNanos.length,
                    sortedNanos[last / 2] / 1e6,
                    sortedNanos[(int) (0.99 * last)] / 1e6,
                    sortedNanos[last] / 1e6);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "median_ms=%.3f p99_ms=%.3f longest_ms=%.1f", median, p99, longest);
        }
    }

    @Test
    void whileManyAreGivenUpReadersDoNotWaitForThem() throws Exception {
        EvictionSettings limits =
                new EvictionSettings(Optional.empty(), 90, 80, Optional.of(new ByteSize(0)), Optional.of(LIFE));
        try (SparseFileCache limited =
                new SparseFileCache(List.of(folder.resolve("limited")), source, SMALL, limits, clock, new Metrics())) {
            for (int i = 0; i < ENTRIES; i++) {
                readNew(limited);
            }
            until("all rest", () -> limited.inventory().figures().resting() == ENTRIES);
            Reads during;
            Reads without;
            long began = System.nanoTime();
            long took;
            try (CachedContent content = limited.open(source.add("read meanwhile", bytes))) {
                clock.advance(LIFE.plusMinutes(1));
                during = readWhile(
                        limited, content, () -> limited.inventory().figures().evictedFiles() < ENTRIES);
                took = System.nanoTime() - began;
                int[] left = {during.count()};
                without = readWhile(limited, content, () -> left[0]-- > 0);
            }
            assertThat(limited.inventory().figures().evictedFiles()).isGreaterThanOrEqualTo(ENTRIES);
            System.out.printf(
                    "eviction entries=%d took_ms=%d reads=%d%n  while it went on: %s%n  afterwards:       %s%n",
                    ENTRIES, took / 1_000_000, during.count(), during, without);
            assertThat(during.longest())
                    .as("the longest read while %d contents were given up, in ms", ENTRIES)
                    .isLessThan(LONGEST_MILLIS);
        }
    }

    /** Each read is one of content that is open, and one of content that is opened, fetched and closed. */
    private Reads readWhile(SparseFileCache limited, CachedContent content, BooleanSupplier goesOn)
            throws ForebayException {
        long[] nanos = new long[1024];
        int count = 0;
        do {
            long began = System.nanoTime();
            assertThat(Bytes.all(content)).isEqualTo(bytes);
            readNew(limited);
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = System.nanoTime() - began;
        } while (goesOn.getAsBoolean());
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Reads.of(sorted);
    }

    private void readNew(SparseFileCache limited) throws ForebayException {
        BlobVersion version = source.add("new" + added++, bytes);
        try (CachedContent content = limited.open(version)) {
            assertThat(Bytes.all(content)).hasSize(bytes.length);
        }
    }
}
