package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.BlobVersion;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What one open of a version sees of another. */
class SharingTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(10 * PAGE + 123, 1);
    private final AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);

    @Test
    void allOpensOfAVersionFetchEachPageOnce() throws Exception {
        BlobVersion version = source.add("a", bytes);
        CachedContent one = cache.open(version);
        try (CachedContent other = cache.open(version)) {
            assertThat(Bytes.all(one)).isEqualTo(bytes);
            one.close();
            assertThat(Bytes.all(other)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
    }

    @Test
    void aLaterOpenOfAChangedVersionIsPure() throws Exception {
        BlobVersion version = source.add("a", bytes);
        try (CachedContent changed = cache.open(version)) {
            Bytes.write(changed, 0, new byte[] {1, 2, 3});
            try (CachedContent pure = cache.open(version)) {
                assertThat(Bytes.all(pure)).isEqualTo(bytes);
                assertThat(pure.isDirty()).isFalse();
            }
            assertThat(Bytes.all(changed)).startsWith(1, 2, 3);
        }
    }

    @Test
    void aChangeIsSeenByNobodyWhoOpenedTheVersionBefore() throws Exception {
        BlobVersion version = source.add("a", bytes);
        try (CachedContent changed = cache.open(version);
                CachedContent pure = cache.open(version)) {
            Bytes.read(pure, 3L * PAGE, 1);
            Bytes.write(changed, 5L * PAGE + 1, new byte[] {1, 2, 3});
            changed.resize(8L * PAGE, Bytes.soon());

            assertThat(Bytes.all(pure)).isEqualTo(bytes);
            assertThat(pure.isDirty()).isFalse();
            byte[] expected = Arrays.copyOf(bytes, 8 * PAGE);
            System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 5 * PAGE + 1, 3);
            assertThat(Bytes.all(changed)).isEqualTo(expected);
        }
        assertThat(source.fetchedBytes())
                .as("the copy took its pages from its sibling")
                .isEqualTo(bytes.length);
    }

    @Test
    void theCopyOutlivesTheContentThatItCameFrom() throws Exception {
        BlobVersion version = source.add("a", bytes);
        CachedContent changed = cache.open(version);
        CachedContent pure = cache.open(version);
        Bytes.write(changed, 0, new byte[] {1});
        pure.close();

        byte[] expected = bytes.clone();
        expected[0] = 1;
        assertThat(Bytes.all(changed)).isEqualTo(expected);
        changed.close();
        assertNothingIsInUse();
    }

    @Test
    void committingASharedVersionDetachesFirst() throws Exception {
        BlobVersion version = source.add("a", bytes);
        try (CachedContent committed = cache.open(version);
                CachedContent other = cache.open(version)) {
            BlobVersion after = committed.commit(toSource("a", sent), Bytes.soon());

            assertThat(committed.version()).contains(after);
            assertThat(other.version()).contains(version);
            assertThat(sent.get()).isEqualTo(bytes);
        }
    }

    @Test
    void whatWasCommittedIsSharedAgainUntilItsNextChange() throws Exception {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            BlobVersion version = content.commit(toSource("a", sent), Bytes.soon());
            try (CachedContent reader = cache.open(version)) {
                Bytes.write(content, 0, new byte[] {9});
                assertThat(Bytes.all(reader)).isEqualTo(bytes);
                assertThat(Bytes.read(content, 0, 1)).containsExactly(9);
            }
        }
        assertThat(source.fetchedBytes()).isZero();
    }

    @Test
    void aReaderThatWaitsWhileItsHandleIsDetachedCommittedAndFreedIsServed() throws Exception {
        BlobVersion version = source.add("a", bytes);
        source.holdFrom(9L * PAGE);
        try (CachedContent content = cache.open(version)) {
            CachedContent other = cache.open(version);
            CompletableFuture<byte[]> reader = async(() -> Bytes.read(content, 9L * PAGE, 10));
            source.awaitAsked(1);
            Bytes.write(content, 0, Bytes.random(PAGE, 2));
            other.close();
            CompletableFuture<BlobVersion> commit = async(() -> content.commit(toSource("a", sent), Bytes.soon()));
            source.holdFrom(Long.MAX_VALUE);

            assertThat(get(reader)).isEqualTo(Arrays.copyOfRange(bytes, 9 * PAGE, 9 * PAGE + 10));
            get(commit);
        }
    }

    @Test
    void twoOpensAtOnceShareOneContent() throws Exception {
        for (int round = 0; round < 50; round++) {
            BlobVersion version = source.add("r" + round, Bytes.random(PAGE, round));
            long before = source.fetchedBytes();
            CompletableFuture<CachedContent> one = async(() -> cache.open(version));
            CompletableFuture<CachedContent> other = async(() -> cache.open(version));
            try (CachedContent first = get(one);
                    CachedContent second = get(other)) {
                assertThat(Bytes.all(first)).isEqualTo(Bytes.all(second));
            }
            assertThat(source.fetchedBytes() - before).isEqualTo(PAGE);
        }
        assertNothingIsInUse();
    }
}
