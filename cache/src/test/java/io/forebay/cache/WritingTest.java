package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ByteRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WritingTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(10 * PAGE + 123, 1);

    @Test
    void newContentIsEmptyAndDirty() throws Exception {
        try (CachedContent content = cache.create()) {
            assertThat(content.sizeBytes()).isZero();
            assertThat(content.isDirty()).as("nothing of it was ever committed").isTrue();
            assertThat(content.version()).isEmpty();
            assertThat(Bytes.read(content, 0, 10)).isEmpty();
        }
    }

    @Test
    void aGapReadsAsZeros() throws Exception {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 3L * PAGE + 5, new byte[] {1, 2, 3});

            byte[] expected = new byte[3 * PAGE + 8];
            System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 3 * PAGE + 5, 3);
            assertThat(Bytes.all(content)).isEqualTo(expected);
        }
    }

    @Test
    void aWriteOfNothingChangesNothing() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.write(content, 5L * PAGE, new byte[0]);
            Bytes.write(content, 50L * PAGE, new byte[0]);
            assertThat(content.isDirty()).isFalse();
            assertThat(content.sizeBytes()).isEqualTo(bytes.length);
        }
    }

    @Test
    void wholePagesAreWrittenWithoutAFetchAndPartOfAPageFetchesThatPage() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            byte[] change = Bytes.random(2 * PAGE, 2);
            Bytes.write(content, 4L * PAGE, change);
            assertThat(source.asked()).isEmpty();

            Bytes.write(content, 7L * PAGE + 1, new byte[] {9});
            assertThat(source.asked()).containsExactly(new ByteRange(7L * PAGE, PAGE));

            byte[] expected = bytes.clone();
            System.arraycopy(change, 0, expected, 4 * PAGE, 2 * PAGE);
            expected[7 * PAGE + 1] = 9;
            assertThat(Bytes.all(content)).isEqualTo(expected);
            assertThat(content.isDirty()).isTrue();
        }
        assertThat(source.fetchedBytes())
                .as("overwritten pages are never fetched")
                .isEqualTo(bytes.length - 2L * PAGE);
    }

    @Test
    void theShortLastPageCountsAsWholeWhenItsEndIsWritten() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.write(content, 10L * PAGE, Bytes.random(123, 3));
            assertThat(source.asked()).isEmpty();
        }
    }

    @Test
    void anAppendFetchesOnlyTheLastPage() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.write(content, bytes.length, new byte[] {7, 7});
            assertThat(source.asked()).containsExactly(new ByteRange(10L * PAGE, 123));

            byte[] expected = Arrays.copyOf(bytes, bytes.length + 2);
            Arrays.fill(expected, bytes.length, expected.length, (byte) 7);
            assertThat(Bytes.all(content)).isEqualTo(expected);
        }
    }

    @Test
    void shrinkingThenGrowingGivesZerosWhetherOrNotThePageWasEverFetched() throws Exception {
        for (boolean fetched : new boolean[] {true, false}) {
            try (CachedContent content = cache.open(source.add("a", bytes))) {
                if (fetched) {
                    content.fill(Bytes.soon());
                }
                content.resize(5L * PAGE + 100, Bytes.soon());
                content.resize(9L * PAGE, Bytes.soon());

                byte[] expected = Arrays.copyOf(Arrays.copyOf(bytes, 5 * PAGE + 100), 9 * PAGE);
                assertThat(Bytes.all(content)).as("fetched before: %s", fetched).isEqualTo(expected);
            }
        }
    }

    @Test
    void truncatedToNothingNothingIsFetched() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.resize(0, Bytes.soon());
            Bytes.write(content, 10, new byte[] {1});
            content.fill(Bytes.soon());
            assertThat(Bytes.all(content)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        }
        assertThat(source.asked()).isEmpty();
    }

    @Test
    void aResizeToTheSameSizeIsNoChange() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.resize(bytes.length, Bytes.soon());
            assertThat(content.isDirty()).isFalse();
        }
    }

    @Test
    void bytesThatArriveLateUndoNeitherAWriteNorACut() throws Exception {
        source.holdFrom(0);
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            CompletableFuture<Integer> reader =
                    async(() -> content.read(0, ByteBuffer.allocate(8 * PAGE), Bytes.soon()));
            source.awaitAsked(1);
            byte[] change = Bytes.random(PAGE, 4);
            Bytes.write(content, 2L * PAGE, change);
            content.resize(4L * PAGE + 10, Bytes.soon());
            content.resize(6L * PAGE, Bytes.soon());
            source.holdFrom(Long.MAX_VALUE);
            get(reader);

            byte[] expected = Arrays.copyOf(Arrays.copyOf(bytes, 4 * PAGE + 10), 6 * PAGE);
            System.arraycopy(change, 0, expected, 2 * PAGE, PAGE);
            assertThat(Bytes.all(content)).isEqualTo(expected);
        }
    }

    @Test
    void aReaderSeesAWriteWhollyOrNotAtAllWithinAPage() throws Exception {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, new byte[PAGE]);
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Boolean> writer = async(() -> {
                byte[] page = new byte[PAGE];
                for (int round = 1; !stop.get(); round++) {
                    Arrays.fill(page, (byte) round);
                    Bytes.write(content, 0, page);
                }
                return true;
            });
            for (int round = 0; round < 2_000; round++) {
                byte[] page = Bytes.read(content, 0, PAGE);
                assertThat(page[0]).isEqualTo(page[PAGE - 1]).isEqualTo(page[PAGE / 2]);
            }
            stop.set(true);
            get(writer);
        }
    }

    @Test
    void whatNoBlobCanHoldIsRefusedBeforeItIsWritten() throws Exception {
        try (CachedContent content = cache.create()) {
            assertThatThrownBy(() -> Bytes.write(content, BlobStore.MAX_BLOB_BYTES, new byte[1]))
                    .isInstanceOf(ForebayException.TooLarge.class);
            assertThatThrownBy(() -> content.resize(Long.MAX_VALUE, Bytes.soon()))
                    .isInstanceOf(ForebayException.TooLarge.class);
            assertThatThrownBy(() -> Bytes.write(content, -1, new byte[1]))
                    .isInstanceOf(ForebayException.InvalidArgument.class);
            assertThat(content.sizeBytes()).isZero();
        }
    }

    @Test
    void aFailedFetchOfAPartialPageLeavesTheContentUnchanged() throws Exception {
        source.failAt(0, new ForebayException.Unavailable("away"));
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            assertThatThrownBy(() -> Bytes.write(content, 1, new byte[] {1}))
                    .isInstanceOf(ForebayException.Unavailable.class);
            source.heal();
            assertThat(content.isDirty()).isFalse();
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }
}
