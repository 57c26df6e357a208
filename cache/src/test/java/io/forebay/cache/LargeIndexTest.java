package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Etag;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache of a million files: how long it takes to open, and what it takes of memory. */
class LargeIndexTest {
    private static final int FILES = 1_000_000;
    /** The promise is 2 s; a shared machine may be that much slower. */
    private static final Duration LONGEST_OPEN = Duration.ofSeconds(10);

    private static final int MOST_BYTES_EACH = 48;

    @TempDir
    Path folder;

    private static BlobVersion version(int number) {
        return new BlobVersion("store", "data/train/shard-" + number, new Etag("0x8DC" + number), 100_000);
    }

    @Test
    void aMillionFilesAreThereAtOnceAndSmall() throws Exception {
        Clock clock = Clock.system();
        open(clock).close();
        writeIndex();
        long before = usedBytes();
        long start = clock.nanoTime();
        CacheDisk disk = open(clock);
        Duration took = Duration.ofNanos(clock.nanoTime() - start);
        try {
            long bytesEach = (usedBytes() - before) / FILES;
            System.out.printf("index files=%d open_ms=%d bytes_each=%d%n", FILES, took.toMillis(), bytesEach);

            assertThat(disk.slots().resting()).isEqualTo(FILES);
            assertThat(disk.damaged()).isZero();
            assertThat(took).isLessThan(LONGEST_OPEN);
            assertThat(bytesEach).isLessThanOrEqualTo(MOST_BYTES_EACH);
            for (int number = 0; number < FILES; number += 99_991) {
                assertThat(disk.slots().isResting(VersionKey.of(version(number)).first()))
                        .isTrue();
            }
            assertThat(disk.slots().isResting(VersionKey.of(version(FILES)).first()))
                    .isFalse();
        } finally {
            disk.close();
        }
    }

    private CacheDisk open(Clock clock) throws ForebayException {
        return CacheDisk.open(
                folder,
                new ByteSize(0),
                directory -> new DiskRoom(directory, EvictionSettings.DEFAULTS, () -> {}, Clock.system()),
                new Boot("boot"),
                clock,
                new Metrics());
    }

    private void writeIndex() throws IOException {
        int[] sums = new int[SlotRecord.SUMS];
        try (OutputStream index = new BufferedOutputStream(Files.newOutputStream(folder.resolve("index")), 1 << 20)) {
            for (int number = 0; number < FILES; number++) {
                BlobVersion version = version(number);
                SlotRecord record = new SlotRecord(
                        VersionKey.of(version),
                        version.lengthBytes(),
                        0,
                        new Boot("boot").tag(),
                        2,
                        TimeUnit.DAYS.toSeconds(20_000) + number * 7_919L % 1_000_000,
                        0,
                        false,
                        SlotRecord.Name.of(version.name()));
                index.write(record.encoded(sums).array());
            }
        }
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
