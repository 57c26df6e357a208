package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReadingTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(40 * PAGE + 123, 1);

    @Test
    void openingFetchesNothing() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            assertThat(content.sizeBytes()).isEqualTo(bytes.length);
            assertThat(content.isDirty()).isFalse();
        }
        assertThat(source.asked()).isEmpty();
    }

    @Test
    void readsAnyExtentAndStopsAtTheEnd() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            assertThat(Bytes.read(content, PAGE - 1, 3)).isEqualTo(Arrays.copyOfRange(bytes, PAGE - 1, PAGE + 2));
            assertThat(Bytes.read(content, bytes.length - 5, 100))
                    .isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 5, bytes.length));
            assertThat(Bytes.read(content, bytes.length, 10)).isEmpty();
            assertThat(Bytes.read(content, Long.MAX_VALUE - 5, 10)).isEmpty();
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).as("each byte once").isEqualTo(bytes.length);
    }

    @Test
    void aRandomReadFetchesThePagesItTouchesAndNoMore() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.read(content, 30L * PAGE + 7, PAGE);
        }
        assertThat(source.asked()).containsExactly(new ByteRange(30L * PAGE, 2L * PAGE));
    }

    @Test
    void sequentialReadingFetchesInGrowingUnitsAheadOfTheReader() throws Exception {
        byte[] large = Bytes.random(64 * PAGE, 2);
        try (CachedContent content = cache.open(source.add("a", large))) {
            for (int page = 0; page < 64; page++) {
                byte[] got = Bytes.read(content, (long) page * PAGE, PAGE);
                assertThat(got).isEqualTo(Arrays.copyOfRange(large, page * PAGE, (page + 1) * PAGE));
            }
        }
        assertThat(source.fetchedBytes()).isEqualTo(large.length);
        assertThat(source.asked().getFirst()).isEqualTo(new ByteRange(0, 2L * PAGE));
        assertThat(source.asked()).as("fewer fetches than pages").hasSizeLessThan(40);
        assertThat(source.asked()).allMatch(range -> range.length() <= 8L * PAGE);
        assertThat(source.asked()).anyMatch(range -> range.length() == 4L * PAGE);
    }

    @Test
    void theNextWindowIsFetchedBeforeAnybodyAsksForIt() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.read(content, 0, PAGE);
            Bytes.read(content, PAGE, PAGE);

            source.awaitAsked(2);
            assertThat(source.asked().get(1).offset()).isEqualTo(2L * PAGE);
        }
    }

    @Test
    void aReaderIsServedAsItsPageArrivesNotWhenTheFetchEnds() throws Exception {
        source.holdFrom(PAGE + 10_007);
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            assertThat(Bytes.read(content, 0, PAGE)).isEqualTo(Arrays.copyOf(bytes, PAGE));

            CompletableFuture<byte[]> second = async(() -> Bytes.read(content, PAGE, PAGE));
            assertThat(source.fetchedBytes()).isLessThanOrEqualTo(PAGE + 10_007);
            assertThat(second).isNotDone();
            source.holdFrom(Long.MAX_VALUE);
            assertThat(get(second)).isEqualTo(Arrays.copyOfRange(bytes, PAGE, 2 * PAGE));
        }
    }

    @Test
    void manyReadersCauseOneFetch() throws Exception {
        source.holdFrom(5_000);
        try (CachedContent first = cache.open(source.add("a", bytes))) {
            List<CompletableFuture<byte[]>> readers = new ArrayList<>();
            for (int reader = 0; reader < 50; reader++) {
                readers.add(async(() -> Bytes.read(first, 0, bytes.length)));
            }
            source.awaitAsked(1);
            source.holdFrom(Long.MAX_VALUE);
            for (CompletableFuture<byte[]> reader : readers) {
                assertThat(get(reader)).isEqualTo(bytes);
            }
        }
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
    }

    @Test
    void aFailureReachesAllWhoWaitAndIsThenForgotten() throws Exception {
        source.holdFrom(0);
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            CompletableFuture<byte[]> one = async(() -> Bytes.read(content, 0, 10));
            CompletableFuture<byte[]> other = async(() -> Bytes.read(content, 10, 10));
            source.awaitAsked(1);
            source.failAt(0, new ForebayException.Unavailable("the store is away"));

            assertThatThrownBy(() -> get(one)).hasCauseInstanceOf(ForebayException.Unavailable.class);
            assertThatThrownBy(() -> get(other)).hasCauseInstanceOf(ForebayException.Unavailable.class);

            source.heal();
            source.holdFrom(Long.MAX_VALUE);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }

    @Test
    void whatArrivedBeforeAFailureStaysAndAHalfPageIsNotServed() throws Exception {
        source.failAt(PAGE + PAGE / 2, new ForebayException.Unavailable("half way"));
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            assertThat(Bytes.read(content, 0, PAGE)).isEqualTo(Arrays.copyOf(bytes, PAGE));
            assertThatThrownBy(() -> Bytes.read(content, PAGE, 10)).isInstanceOf(ForebayException.Unavailable.class);
            source.heal();
            assertThat(Bytes.read(content, PAGE, PAGE)).isEqualTo(Arrays.copyOfRange(bytes, PAGE, 2 * PAGE));
        }
    }

    @Test
    void aSourceThatEndsEarlyOrBreaksIsAFailure() throws Exception {
        BlockSource broken = (version, range, sink, deadline) -> {
            if (range.offset() == 0) {
                throw new IllegalStateException("a bug");
            }
        };
        try (SparseFileCache other = new SparseFileCache(folder.resolve("other"), broken, SMALL, Clock.system());
                CachedContent content = other.open(version("a", 10L * PAGE))) {
            assertThatThrownBy(() -> Bytes.read(content, 0, 1)).isInstanceOf(ForebayException.Unexpected.class);
            assertThatThrownBy(() -> Bytes.read(content, 5L * PAGE, 1)).isInstanceOf(ForebayException.Corrupt.class);
        }
    }

    @Test
    void aReaderThatGivesUpDoesNotSpoilTheFetch() throws Exception {
        source.holdFrom(0);
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Deadline soonOver = Deadline.after(Duration.ofMillis(20), Clock.system());
            assertThatThrownBy(() -> content.read(0, ByteBuffer.allocate(1), soonOver))
                    .isInstanceOf(ForebayException.Unavailable.class);

            source.holdFrom(Long.MAX_VALUE);
            assertThat(Bytes.read(content, 0, 2 * PAGE)).isEqualTo(Arrays.copyOf(bytes, 2 * PAGE));
        }
        assertThat(source.asked()).startsWith(new ByteRange(0, 2L * PAGE)).doesNotHaveDuplicates();
        assertThat(source.fetchedBytes()).isLessThan(bytes.length);
    }

    @Test
    void anInterruptEndsTheWaitAndLeavesTheFileUsable() throws Exception {
        source.holdFrom(2L * PAGE);
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            AtomicReference<Thread> waiting = new AtomicReference<>();
            CompletableFuture<byte[]> reader = async(() -> {
                waiting.set(Thread.currentThread());
                return Bytes.read(content, 10L * PAGE, 1);
            });
            source.awaitAsked(1);
            waiting.get().interrupt();
            assertThatThrownBy(() -> get(reader))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ForebayException.Interrupted.class);
            source.holdFrom(Long.MAX_VALUE);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }

    @Test
    void aReadOfPresentBytesByAnInterruptedThreadSucceedsForItAndForOthers() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.fill(Bytes.soon());
            boolean stillInterrupted = get(async(() -> {
                Thread.currentThread().interrupt();
                assertThat(Bytes.all(content)).isEqualTo(bytes);
                return Thread.interrupted();
            }));
            assertThat(stillInterrupted).isTrue();
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }

    /** Java closes a channel when a thread that uses it is interrupted; nobody may notice. */
    @Test
    void readersDoNotNoticeTheInterruptsOfOthers() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.fill(Bytes.soon());
            AtomicReference<Thread> victim = new AtomicReference<>();
            CompletableFuture<Integer> interrupted = async(() -> readAgainAndAgain(content, victim));
            CompletableFuture<Integer> other = async(() -> readAgainAndAgain(content, new AtomicReference<>()));
            until("the victim reads", () -> victim.get() != null);
            while (!interrupted.isDone() || !other.isDone()) {
                victim.get().interrupt();
                Thread.onSpinWait();
            }
            assertThat(get(interrupted)).isPositive();
            assertThat(get(other)).isZero();
        }
    }

    /** How often the thread found itself interrupted. */
    private int readAgainAndAgain(CachedContent content, AtomicReference<Thread> self) throws ForebayException {
        self.set(Thread.currentThread());
        int interrupts = 0;
        for (int round = 0; round < 100; round++) {
            assertThat(Bytes.all(content)).isEqualTo(bytes);
            interrupts += Thread.interrupted() ? 1 : 0;
        }
        return interrupts;
    }

    @Test
    void fillMakesTheContentIndependentOfTheSource() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.read(content, 17L * PAGE, 1);
            content.fill(Bytes.soon());
            source.failAt(0, new ForebayException.NotFound("gone"));
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
    }

    @Test
    void closingEndsTheWaitOfAReader() throws Exception {
        source.holdFrom(0);
        CachedContent content = cache.open(source.add("a", bytes));
        CompletableFuture<byte[]> reader = async(() -> Bytes.read(content, 0, 1));
        source.awaitAsked(1);
        content.close();
        assertThatThrownBy(() -> get(reader)).hasCauseInstanceOf(ForebayException.BadHandle.class);
    }

    @Test
    void afterARebaseTheNewVersionIsAskedFor() throws Exception {
        BlobVersion before = source.add("a", bytes);
        BlobVersion after = source.add("b", bytes);
        try (CachedContent content = cache.open(before)) {
            content.rebase(after);
            assertThat(content.version()).contains(after);
            try (CachedContent shared = cache.open(after)) {
                assertThat(Bytes.all(shared)).isEqualTo(bytes);
                assertThat(Bytes.all(content)).isEqualTo(bytes);
            }
        }
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
    }

    @Test
    void aReaderThatWaitsForTheOldVersionIsServedFromTheNewOne() throws Exception {
        BlobVersion after = source.add("b", bytes);
        source.holdFrom(0);
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            CompletableFuture<byte[]> reader = async(() -> Bytes.read(content, 0, PAGE));
            source.awaitAsked(1);
            content.rebase(after);
            source.failOnce(new ForebayException.NotFound("a is renamed to b"));
            source.holdFrom(Long.MAX_VALUE);
            assertThat(get(reader)).isEqualTo(Arrays.copyOf(bytes, PAGE));
        }
    }
}
