package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import io.forebay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the cache gives up by itself, and what it keeps. */
class EvictionTest extends CacheFixture {
    private static final int FILES = 40;

    @Test
    void moreThanTheHighMarkIsGivenUpDownToTheLowMark() throws Exception {
        try (SparseFileCache limited = cache(Clock.system(), Optional.of(new ByteSize(20L * PAGE)), Optional.empty())) {
            for (BlobVersion version : versions(FILES)) {
                readWhole(limited, version);
            }

            awaitNoneLingers(limited);
            until("evicted to the low mark", () -> limited.resting() <= 18);
            // Down to 16; what arrives during a count is counted twice for a moment, and here that is many.
            assertThat(limited.resting()).isBetween(10, 18);
            CacheFigures figures = limited.inventory().figures();
            assertThat(figures.evictedFiles()).isEqualTo(FILES - figures.resting());
            assertThat(figures.evictedBytes()).isEqualTo(figures.evictedFiles() * PAGE);
            assertThat(figures.disks().getFirst().restingBytes()).isEqualTo(figures.resting() * PAGE);
            assertThat(contents(folder.resolve("limited"))).hasSize(limited.resting());
        }
    }

    @Test
    void whatIsReadAgainStaysAndWhatIsReadOnceGoes() throws Exception {
        try (SparseFileCache limited = cache(Clock.system(), Optional.of(new ByteSize(20L * PAGE)), Optional.empty())) {
            List<BlobVersion> often = versions(5);
            for (int round = 0; round < 2; round++) {
                for (BlobVersion version : often) {
                    readWhole(limited, version);
                }
                awaitRest(limited, often.size()); // opened again before, it would be the same use
            }
            for (BlobVersion version : versions(200, 1_000)) {
                readWhole(limited, version);
                awaitNoneLingers(limited); // what is still being put away takes room from what rests
            }
            until("evicted to the high mark", () -> limited.resting() <= 18);
            int reads = source.asked().size();
            for (BlobVersion version : often) {
                readWhole(limited, version);
            }
            assertThat(source.asked().size())
                    .as("what is read often was still there")
                    .isEqualTo(reads);
        }
    }

    @Test
    void whatIsOpenStaysAndIsRead() throws Exception {
        try (SparseFileCache limited = cache(Clock.system(), Optional.of(new ByteSize(10L * PAGE)), Optional.empty())) {
            List<CachedContent> open = new ArrayList<>();
            List<byte[]> expected = new ArrayList<>();
            try {
                for (int i = 0; i < FILES; i++) {
                    byte[] bytes = Bytes.random(PAGE, i);
                    expected.add(bytes);
                    open.add(limited.open(source.add("open" + i, bytes)));
                    assertThat(Bytes.all(open.getLast())).isEqualTo(bytes);
                }
                for (int i = 0; i < FILES; i++) {
                    assertThat(Bytes.all(open.get(i)))
                            .as("also what there was no room for")
                            .isEqualTo(expected.get(i));
                }
                assertThat(limited.inUse()).isEqualTo(FILES);
            } finally {
                open.forEach(CachedContent::close);
            }
            until("what fits rests", () -> limited.inUse() == 0);
            assertThat(limited.resting()).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void aFileLargerThanTheWholeCacheIsRead() throws Exception {
        byte[] bytes = Bytes.random(30 * PAGE + 17, 3);
        BlobVersion version = source.add("large", bytes);
        try (SparseFileCache limited = cache(Clock.system(), Optional.of(new ByteSize(5L * PAGE)), Optional.empty())) {
            try (CachedContent content = limited.open(version)) {
                assertThat(Bytes.all(content)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void whatWasNotUsedForSoLongIsGivenUp() throws Exception {
        ManualClock clock = new ManualClock();
        try (SparseFileCache limited = cache(clock, Optional.empty(), Optional.of(Duration.ofMinutes(10)))) {
            List<BlobVersion> versions = versions(3);
            for (BlobVersion version : versions) {
                readWhole(limited, version);
            }
            awaitRest(limited, 3);
            clock.advance(Duration.ofMinutes(9));
            readWhole(limited, versions.getFirst());
            awaitRest(limited, 3);
            clock.advance(Duration.ofMinutes(2));

            until("two are given up", () -> limited.resting() == 1);
            assertThat(limited.inventory().presentBytes(versions.getFirst())).isEqualTo(PAGE);
        }
    }

    /** Content goes to rest a moment after it was closed. */
    private static void awaitRest(SparseFileCache limited, int count) throws InterruptedException {
        until("all rest", () -> limited.inventory().figures().resting() == count);
    }

    private static void awaitNoneLingers(SparseFileCache limited) throws InterruptedException {
        until("all rest or are gone", () -> limited.inventory().figures().resting() == limited.resting());
    }

    private void readWhole(SparseFileCache limited, BlobVersion version) throws ForebayException {
        try (CachedContent content = limited.open(version)) {
            assertThat(Bytes.all(content)).hasSize((int) version.lengthBytes());
        }
    }

    private List<BlobVersion> versions(int count) {
        return versions(count, 0);
    }

    /** So many files of one page. */
    private List<BlobVersion> versions(int count, int first) {
        List<BlobVersion> versions = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            versions.add(source.add("f" + i, Bytes.random(PAGE, i)));
        }
        return versions;
    }

    private SparseFileCache cache(Clock clock, Optional<ByteSize> size, Optional<Duration> timeToLive)
            throws ForebayException {
        EvictionSettings limits = new EvictionSettings(size, 90, 80, Optional.of(new ByteSize(0)), timeToLive);
        return new SparseFileCache(List.of(folder.resolve("limited")), source, SMALL, limits, clock, new Metrics());
    }
}
