package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A file that the disk cannot hold, read from its beginning to its end. */
class LargerThanTheDiskTest extends CacheFixture {
    private static final int DISK = 128 * PAGE;
    private static final int LARGE = 1_000 * PAGE + 4_711;

    private final byte[] bytes = Bytes.random(LARGE, 1);
    private final AtomicLong holeBytes = new AtomicLong();

    /** Holes that can be seen: whoever reads from one reads zeros. */
    private final FileSpace holes = new FileSpace() {
        @Override
        public void reserve(Path file, long offset, long lengthBytes) {}

        @Override
        public boolean punch(Path file, long offset, long lengthBytes) throws ForebayException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(Math.toIntExact(lengthBytes)), offset);
            } catch (IOException failure) {
                throw new ForebayException.Unexpected("no hole", failure);
            }
            holeBytes.addAndGet(lengthBytes);
            return true;
        }

        @Override
        public OptionalLong nextData(Path file, long offset) {
            return OptionalLong.of(offset);
        }

        @Override
        public long nextHole(Path file, long offset) {
            return Long.MAX_VALUE;
        }
    };

    @Test
    void whatWasPassedMakesRoomAndEachByteIsFetchedOnce() throws Exception {
        BlobVersion version = source.add("large", bytes);
        try (SparseFileCache small = small();
                CachedContent content = small.open(version)) {
            readInSteps(content);

            assertThat(source.fetchedBytes()).isLessThan(LARGE + LARGE / 10);
            assertThat(holeBytes).hasValueGreaterThan(LARGE - DISK);
            assertThat(presentBytes(small, version)).isLessThanOrEqualTo(DISK);
            assertThat(source.asked().stream().filter(range -> range.length() >= 2 * PAGE))
                    .as("it is still read ahead")
                    .hasSizeGreaterThan(LARGE / PAGE / 10);
            readInSteps(content);
            readAtRandom(content, 200);
        }
        try (SparseFileCache again = small();
                CachedContent content = again.open(version)) {
            readAtRandom(content, 50);
            readInSteps(content);
        }
    }

    @Test
    void severalReadersGetTheirBytes() throws Exception {
        BlobVersion version = source.add("large", bytes);
        try (SparseFileCache small = small();
                CachedContent content = small.open(version)) {
            List<CompletableFuture<Boolean>> readers = List.of(
                    async(() -> readInSteps(content)),
                    async(() -> readInSteps(content)),
                    async(() -> readAtRandom(content, 300)));
            for (CompletableFuture<Boolean> reader : readers) {
                get(reader);
            }
        }
    }

    @Test
    void whatElseIsInTheCacheStays() throws Exception {
        byte[] other = Bytes.random(20 * PAGE, 2);
        BlobVersion keep = source.add("keep", other);
        try (SparseFileCache small = small()) {
            small.bring(keep, Bytes.soon());
            try (CachedContent content = small.open(source.add("large", bytes))) {
                readInSteps(content);
            }
            assertThat(small.isHere(keep)).isTrue();
        }
    }

    @Test
    void whatIsBeingChangedKeepsItsPages() throws Exception {
        BlobVersion version = source.add("large", Arrays.copyOf(bytes, 200 * PAGE));
        byte[] expected = Arrays.copyOf(bytes, 200 * PAGE);
        try (SparseFileCache small = small();
                CachedContent content = small.open(version)) {
            Bytes.write(content, 3, new byte[100]);
            Arrays.fill(expected, 3, 103, (byte) 0);
            for (int at = 0; at < 40 * PAGE; at += PAGE) {
                assertThat(Bytes.read(content, at, PAGE)).isEqualTo(Arrays.copyOfRange(expected, at, at + PAGE));
            }
            assertThat(holeBytes).hasValue(0);
        }
    }

    private boolean readInSteps(CachedContent content) throws ForebayException {
        for (int at = 0; at < LARGE; at += PAGE / 2) {
            int length = Math.min(PAGE / 2, LARGE - at);
            if (!Arrays.equals(Bytes.read(content, at, length), 0, length, bytes, at, at + length)) {
                throw new AssertionError("other bytes at " + at);
            }
        }
        return true;
    }

    private boolean readAtRandom(CachedContent content, int reads) throws ForebayException {
        Random random = new Random(reads);
        for (int i = 0; i < reads; i++) {
            int at = random.nextInt(LARGE - 100);
            if (!Arrays.equals(Bytes.read(content, at, 100), 0, 100, bytes, at, at + 100)) {
                throw new AssertionError("other bytes at " + at);
            }
        }
        return true;
    }

    private static long presentBytes(SparseFileCache small, BlobVersion version) {
        return small.inventory().presentBytes(version);
    }

    private SparseFileCache small() throws ForebayException {
        EvictionSettings limits = new EvictionSettings(
                Optional.of(new ByteSize(DISK)), 90, 80, Optional.of(new ByteSize(0)), Optional.empty());
        return new SparseFileCache(
                List.of(folder.resolve("small")), source, SMALL, limits, Clock.system(), new Metrics(), holes);
    }
}
