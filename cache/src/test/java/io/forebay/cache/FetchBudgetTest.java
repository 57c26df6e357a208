package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FetchBudgetTest {
    private final Metrics metrics = new Metrics();
    /** 16 demand fetches, 4 prefetches of 32 pages in all. */
    private final FetchBudget budget = new FetchBudget(CacheFixture.SMALL, () -> 0, metrics);

    @Test
    void prefetchesAreBoundedInNumber() {
        for (int i = 0; i < 4; i++) {
            assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isTrue();
        }
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isFalse();
        assertThat(metrics.value(Metric.PREFETCHES_RUNNING)).isEqualTo(4);
        budget.giveBack(Fetch.Reason.PREFETCH, 1);
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isTrue();
    }

    @Test
    void prefetchesAreBoundedInBytesButOneAlwaysRuns() {
        long all = 32L * Bytes.PAGE;
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, all + 1)).isTrue();
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isFalse();
        budget.giveBack(Fetch.Reason.PREFETCH, all + 1);
        assertThat(metrics.value(Metric.PREFETCHES_RUNNING_BYTES)).isZero();
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, all)).isTrue();
    }

    @Test
    void fillingLeavesRoomForOthers() {
        for (int i = 0; i < 3; i++) {
            assertThat(budget.tryTake(Fetch.Reason.FILL, 1)).isTrue();
        }
        assertThat(budget.tryTake(Fetch.Reason.FILL, 1)).isFalse();
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isTrue();
    }

    @Test
    void noPrefetchBeginsWhileDemandWaits() throws Exception {
        for (int i = 0; i < 16; i++) {
            budget.takeDemand(Bytes.soon());
        }
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isTrue();
        CompletableFuture<Boolean> waiting = CacheFixture.async(() -> {
            budget.takeDemand(Bytes.soon());
            return true;
        });
        CacheFixture.until("demand waits", () -> {
            boolean taken = budget.tryTake(Fetch.Reason.PREFETCH, 1);
            if (taken) {
                budget.giveBack(Fetch.Reason.PREFETCH, 1);
            }
            return !taken;
        });
        budget.giveBack(Fetch.Reason.DEMAND, 0);
        assertThat(CacheFixture.get(waiting)).isTrue();
        CacheFixture.until("there is room again", () -> budget.tryTake(Fetch.Reason.PREFETCH, 1));
        assertThat(metrics.value(Metric.DEMAND_FETCHES_RUNNING)).isEqualTo(16);
    }

    @Test
    void whoeverFoundNoRoomIsCalledOnceWhenThereIsSome() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(budget.tryTake(Fetch.Reason.PREFETCH, 1)).isTrue();
        Runnable retry = calls::incrementAndGet;
        budget.callWhenThereIsRoom(retry);
        budget.callWhenThereIsRoom(retry);
        budget.giveBack(Fetch.Reason.PREFETCH, 1);
        budget.giveBack(Fetch.Reason.WHOLE, 1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void whoeverWasForgottenIsNotCalled() {
        AtomicInteger calls = new AtomicInteger();
        Runnable retry = calls::incrementAndGet;
        budget.callWhenThereIsRoom(retry);
        budget.forget(retry);
        budget.giveBack(Fetch.Reason.WHOLE, 1);
        assertThat(calls).hasValue(0);
    }
}
