package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Bringing whole files for an operator: in the room that nobody waits for. */
class BringTest extends CacheFixture {
    private static final int LARGE = 70 * PAGE + 4_711;
    /** As many as can ever run at once, demand and all, and more. */
    private static final int MANY = 40;

    @Test
    void aLargeFileIsBroughtOverManyConnections() throws Exception {
        byte[] bytes = Bytes.random(LARGE, 1);
        BlobVersion version = source.add("large", bytes);
        source.holdFrom(0);
        CompletableFuture<Boolean> brought = bring(version);
        source.awaitAsked(4);
        source.holdFrom(Long.MAX_VALUE);
        get(brought);

        assertThat(cache.isHere(version)).isTrue();
        assertThat(source.fetchedBytes()).as("each byte once").isEqualTo(bytes.length);
        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }

    @Test
    void aReaderGetsItsTurnWhileAllRoomIsTaken() throws Exception {
        source.holdFrom(PAGE);
        List<CompletableFuture<Boolean>> brought = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            brought.add(bring(source.add("large" + i, Bytes.random(LARGE, i))));
        }
        source.awaitAsked(4);
        byte[] bytes = Bytes.random(PAGE, 99);
        try (CachedContent content = cache.open(source.add("read", bytes))) {
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(brought).noneMatch(CompletableFuture::isDone);
        assertThat(source.asked().size()).as("bounded").isLessThan(MANY);

        source.holdFrom(Long.MAX_VALUE);
        for (CompletableFuture<Boolean> one : brought) {
            get(one);
        }
        until("nothing is in use", () -> cache.inUse() == 0);
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length + (long) MANY * LARGE);
    }

    @Test
    void itGoesOnWhenDemandHasWaitedAndNothingElseRuns() throws Exception {
        FetchBudget budget = new FetchBudget(SMALL, () -> 0, new Metrics());
        for (int i = 0; i < SMALL.demandFetches(); i++) {
            budget.takeDemand(Bytes.soon());
        }
        CompletableFuture<Boolean> demand = async(() -> {
            budget.takeDemand(Bytes.soon());
            return true;
        });
        until("demand waits", () -> {
            boolean taken = budget.tryTake(Fetch.Reason.BRING, 1);
            if (taken) {
                budget.giveBack(Fetch.Reason.BRING, 1);
            }
            return !taken;
        });
        List<CompletableFuture<Boolean>> bringing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            bringing.add(async(() -> {
                budget.takeToBring(1, Bytes.soon());
                return true;
            }));
        }
        budget.giveBack(Fetch.Reason.DEMAND, 0);
        get(demand);
        budget.giveBack(Fetch.Reason.DEMAND, 0);
        for (CompletableFuture<Boolean> one : bringing) {
            get(one);
        }
    }

    @Test
    void whatTheStoreSaysIsTheEndOfIt() throws Exception {
        BlobVersion version = source.add("large", Bytes.random(LARGE, 1));
        source.failAt(20L * PAGE, new ForebayException.Changed("it is another one now"));

        assertThatThrownBy(() -> get(bring(version)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ForebayException.Changed.class);

        source.heal();
        get(bring(version));
        assertThat(cache.isHere(version)).isTrue();
    }

    /** Who reads ahead is not told of failures; who waits here fetches again what that left. */
    @Test
    void whatSomebodyElseFailedToFetchIsFetchedAgain() throws Exception {
        BlobVersion version = source.add("a", Bytes.random(3 * PAGE, 1));
        source.holdFrom(0);
        assertThat(cache.prefetch(version)).isTrue();
        source.awaitAsked(1);
        CompletableFuture<Boolean> brought = bring(version);
        source.failOnce(new ForebayException.Unavailable("not now"));
        source.awaitAsked(2);
        source.holdFrom(Long.MAX_VALUE);

        get(brought);
        assertThat(cache.isHere(version)).isTrue();
    }

    @Test
    void itEndsAtItsDeadlineAndWhenInterrupted() throws Exception {
        BlobVersion version = source.add("large", Bytes.random(LARGE, 1));
        source.holdFrom(0);
        assertThatThrownBy(() -> cache.bring(version, Deadline.after(Duration.ofMillis(50), Clock.system())))
                .isInstanceOf(ForebayException.Unavailable.class);

        CompletableFuture<Boolean> end = new CompletableFuture<>();
        Thread bringing = Thread.ofVirtual().start(() -> {
            try {
                cache.bring(version, Bytes.soon());
                end.complete(false);
            } catch (ForebayException.Interrupted stopped) {
                end.complete(true);
            } catch (ForebayException other) {
                end.completeExceptionally(new CompletionException(other));
            }
        });
        until("it waits", () -> bringing.getState() == Thread.State.TIMED_WAITING);
        bringing.interrupt();
        assertThat(get(end)).isTrue();
        source.holdFrom(Long.MAX_VALUE);
    }

    @Test
    void itIsBroughtWhereNothingIsReadAhead() throws Exception {
        cache.close();
        cache = new SparseFileCache(
                folder, source, SMALL.withPrefetch(new ByteSize(0), new ByteSize(0)), Clock.system());
        byte[] bytes = Bytes.random(LARGE, 1);
        BlobVersion version = source.add("large", bytes);
        source.holdFrom(0);
        CompletableFuture<Boolean> brought = bring(version);
        source.awaitAsked(4);
        source.holdFrom(Long.MAX_VALUE);
        get(brought);
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
    }

    private CompletableFuture<Boolean> bring(BlobVersion version) {
        return async(() -> {
            cache.bring(version, Bytes.soon());
            return true;
        });
    }
}
