package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PrefetchTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(3 * PAGE + 123, 1);

    @Test
    void fetchesAllOfAVersionForWhoeverOpensIt() throws Exception {
        BlobVersion version = source.add("a", bytes);

        assertThat(cache.prefetch(version)).isTrue();
        until("it rests", () -> cache.resting() == 1);
        source.failAt(0, new ForebayException.Unavailable("all is here"));

        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(source.asked()).containsExactly(new ByteRange(0, bytes.length));
        assertNothingIsInUse();
    }

    @Test
    void whatIsHereIsKnownWhetherItIsOpenOrRests() throws Exception {
        BlobVersion version = source.add("a", bytes);
        assertThat(cache.isHere(version)).isFalse();
        try (CachedContent content = cache.open(version)) {
            Bytes.read(content, 0, 10);
            assertThat(cache.isHere(version)).isFalse();
            Bytes.all(content);
            assertThat(cache.isHere(version)).isTrue();
        }
        until("nothing is in use", () -> cache.inUse() == 0);
        assertThat(cache.isHere(version)).isTrue();
        assertThat(cache.isHere(source.add("a", bytes))).as("another version").isFalse();
    }

    @Test
    void aReaderThatComesMeanwhileWaitsForTheSameFetch() throws Exception {
        BlobVersion version = source.add("a", bytes);
        source.holdFrom(PAGE + 10_007);
        cache.prefetch(version);
        source.awaitAsked(1);
        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.read(content, 0, 10)).hasSize(10);
            source.holdFrom(Long.MAX_VALUE);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
        until("nothing is in use", () -> cache.inUse() == 0);
    }

    /** A copy would leave those who were lent the file with the bytes of before. */
    @Test
    void whatIsBeingPrefetchedIsChangedWhereItIs() throws Exception {
        BlobVersion version = source.add("a", bytes);
        source.holdFrom(PAGE + 10_007);
        cache.prefetch(version);
        source.awaitAsked(1);
        byte[] changed = bytes.clone();
        changed[1] ^= 1;
        AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
        try (CachedContent content = cache.open(version)) {
            content.write(1, ByteBuffer.wrap(changed, 1, 1), Bytes.soon());

            assertThat(contents(folder)).as("one content, one file").hasSize(1);
            source.holdFrom(Long.MAX_VALUE);
            content.commit(toSource("a", sent), Bytes.soon());
        }
        assertThat(sent.get()).isEqualTo(changed);
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
        until("nothing is in use", () -> cache.inUse() == 0);
    }

    @Test
    void whatIsBroughtIsAllHereAndCanBeChangedMeanwhile() throws Exception {
        BlobVersion version = source.add("a", bytes);
        source.holdFrom(PAGE + 10_007);
        CompletableFuture<Boolean> brought = async(() -> {
            cache.bring(version, Bytes.soon());
            return cache.isHere(version);
        });
        source.awaitAsked(1);
        try (CachedContent content = cache.open(version)) {
            content.resize(PAGE, Bytes.soon());

            assertThat(contents(folder)).as("one content, one file").hasSize(1);
            source.holdFrom(Long.MAX_VALUE);
            get(brought);
            assertThat(Bytes.all(content)).isEqualTo(Arrays.copyOf(bytes, PAGE));
        }
        cache.bring(version, Bytes.soon());
        assertThat(cache.isHere(version)).isTrue();
        until("nothing is in use", () -> cache.inUse() == 0);
    }

    @Test
    void whatFindsNoRoomIsRefusedAndRoomComesBack() throws Exception {
        source.holdFrom(0);
        List<BlobVersion> taken = new ArrayList<>();
        BlobVersion next = source.add("first", bytes);
        while (cache.prefetch(next)) {
            taken.add(next);
            next = source.add("more" + taken.size(), bytes);
        }
        assertThat(taken).hasSize(SMALL.prefetches());

        source.holdFrom(Long.MAX_VALUE);
        until("all are done", () -> cache.resting() == taken.size() && cache.inUse() == 0);
        assertThat(cache.prefetch(next)).isTrue();
        until("the last too", () -> cache.resting() == taken.size() + 1);
    }

    @Test
    void whatIsHereIsNotFetchedAgainAndLeavesItsRoom() throws Exception {
        BlobVersion version = source.add("a", bytes);
        cache.prefetch(version);
        until("it rests", () -> cache.resting() == 1);
        for (int round = 0; round < 3 * SMALL.prefetches(); round++) {
            until("there is room", () -> cache.prefetch(version));
        }
        until("nothing is in use", () -> cache.inUse() == 0);
        assertThat(source.asked()).hasSize(1);
    }

    @Test
    void aFailureLeavesItsRoomAndTheReaderTriesAgain() throws Exception {
        BlobVersion version = source.add("a", bytes);
        source.failAt(0, new ForebayException.Unavailable("not now"));
        for (int round = 0; round < 3 * SMALL.prefetches(); round++) {
            until("there is room", () -> cache.prefetch(version));
        }
        until("nothing is in use", () -> cache.inUse() == 0);
        source.heal();
        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }

    @Test
    void aVersionThatIsTooLargeForOneFetchIsLeftToItsReaders() throws Exception {
        byte[] large = Bytes.random((int) SMALL.largestFetch().bytes() + 1, 2);
        assertThat(cache.prefetch(source.add("a", large))).isFalse();
        assertThat(cache.inUse()).isZero();
    }
}
