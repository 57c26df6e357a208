package io.forebay.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who goes in when: so many at once, the oldest first, and nobody for longer than its deadline. */
class StoreGateTest {
    private static final int LIMIT = 4;

    private final Metrics metrics = new Metrics();
    private final StoreGate gate = new StoreGate(
            new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), 3),
            new GateSettings(LIMIT, 1, LIMIT, Duration.ofMinutes(1)),
            Clock.system(),
            new Random(1),
            metrics);

    private static Deadline in(Duration limit) {
        return Deadline.after(limit, Clock.system());
    }

    private static Deadline soon() {
        return in(Duration.ofSeconds(30));
    }

    private StoreGate.Pass enter() throws ForebayException {
        return gate.enter(gate.ticket(), soon());
    }

    private List<StoreGate.Pass> fill() throws ForebayException {
        List<StoreGate.Pass> passes = new ArrayList<>();
        for (int index = 0; index < LIMIT; index++) {
            passes.add(enter());
        }
        return passes;
    }

    private void awaitWaiting(int count) throws InterruptedException {
        Deadline limit = soon();
        while (metrics.value(Metric.STORE_WAITING) != count) {
            assertThat(limit.passed()).as("nobody came to wait").isFalse();
            Thread.sleep(1);
        }
    }

    @Test
    void neverMoreThanTheLimitAreInside() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int index = 0; index < 2_000; index++) {
                all.add(threads.submit(() -> {
                    try (StoreGate.Pass pass = enter()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.sleep(0, 100_000);
                        pass.moved(1);
                        inside.decrementAndGet();
                    }
                    return true;
                }));
            }
        }
        for (Future<?> each : all) {
            each.get();
        }
        assertThat(most.get()).isEqualTo(LIMIT);
        assertThat(metrics.value(Metric.STORE_RUNNING)).isZero();
        assertThat(metrics.value(Metric.STORE_WAITING)).isZero();
        assertThat(metrics.value(Metric.STORE_PARALLEL_LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void whoBeganFirstGoesFirst() throws Exception {
        List<StoreGate.Pass> passes = fill();
        List<Long> tickets = new ArrayList<>();
        for (int index = 0; index < 10; index++) {
            tickets.add(gate.ticket());
        }
        List<Future<?>> all = new ArrayList<>();
        List<Long> order = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long ticket : tickets.reversed()) {
                all.add(threads.submit(() -> {
                    try (StoreGate.Pass _ = gate.enter(ticket, soon())) {
                        order.add(ticket);
                    }
                    return true;
                }));
            }
            awaitWaiting(tickets.size());
            // One place is left, so that they go through it one behind the other.
            passes.removeLast().close();
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(order).isEqualTo(tickets);
        passes.forEach(StoreGate.Pass::close);
    }

    @Test
    void whoHasNoTurnBeforeItsDeadlineFailsThen() throws Exception {
        List<StoreGate.Pass> passes = fill();
        long began = System.nanoTime();
        assertThatThrownBy(() -> gate.enter(gate.ticket(), in(Duration.ofMillis(50))))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("no turn");
        assertThat(System.nanoTime() - began).isGreaterThan(49_000_000);
        passes.forEach(StoreGate.Pass::close);
        enter().close();
        assertThat(metrics.value(Metric.STORE_WAITING)).isZero();
    }

    @Test
    void whoIsInterruptedWaitsNoMore() throws Exception {
        List<StoreGate.Pass> passes = fill();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = threads.submit(this::enter);
            awaitWaiting(1);
            waiting.cancel(true);
        }
        assertThat(metrics.value(Metric.STORE_WAITING)).isZero();
        passes.forEach(StoreGate.Pass::close);
    }

    @Test
    void oneRefusalKeepsAllOthersOut() throws Exception {
        StoreGate.Pass refused = enter();
        StoreGate.Pass other = enter();
        refused.failed(Unavailable.throttling("busy", Duration.ofMillis(300)));
        refused.close();
        long began = System.nanoTime();
        enter().close();
        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(290));
        assertThat(metrics.value(Metric.STORE_THROTTLED)).isEqualTo(1);
        assertThat(metrics.value(Metric.STORE_RATE_LIMIT)).isPositive();
        assertThat(metrics.value(Metric.STORE_PARALLEL_LIMIT)).isEqualTo(LIMIT / 2);
        other.close();
    }

    @Test
    void whoCannotWaitForSoLongIsToldAtOnce() throws Exception {
        StoreGate.Pass refused = enter();
        refused.failed(Unavailable.throttling("busy", Duration.ofSeconds(50)));
        refused.close();
        long began = System.nanoTime();
        assertThatThrownBy(this::enter).isInstanceOf(Unavailable.class).hasMessageContaining("left alone");
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void whatBrokeOtherwiseKeepsNobodyOut() throws Exception {
        StoreGate.Pass broken = enter();
        broken.failed(new Unavailable("the connection broke"));
        broken.close();
        enter().close();
        assertThat(metrics.value(Metric.STORE_RATE_LIMIT)).isZero();
        assertThat(metrics.value(Metric.STORE_PARALLEL_LIMIT)).isEqualTo(LIMIT);
    }
}
