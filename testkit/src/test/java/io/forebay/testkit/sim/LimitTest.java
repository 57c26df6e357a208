package io.forebay.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A limit is kept: never faster, and not much slower. How much slower depends on who else uses this machine, so that side
 * is asserted generously.
 */
@ExtendWith(SimulatorExtension.class)
class LimitTest {
    private static final long SIZE = 8_000_000;
    private static final double SLOWEST = 3;

    private final Simulator simulator;
    private final String path;

    LimitTest(Simulator simulator) throws Exception {
        this.simulator = simulator;
        String container = simulator.newContainer();
        simulator.declare(container, "b", 1, SIZE);
        path = RawClient.path(container, "b");
    }

    @AfterEach
    void asFastAsItCan() throws Exception {
        simulator.limit(Limits.NONE);
    }

    private double secondsOf(Callable<?> action) throws Exception {
        long began = System.nanoTime();
        action.call();
        return (System.nanoTime() - began) / 1e9;
    }

    private Object get(int times) throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            for (int i = 0; i < times; i++) {
                assertThat(client.get(path)).hasSize((int) SIZE);
            }
            return times;
        }
    }

    private Object getBySeveral(int threads) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(() -> get(1)));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
        return threads;
    }

    @Test
    void latencyComesBeforeEveryAnswer() throws Exception {
        simulator.limit(Limits.far(20, 0));
        double seconds = secondsOf(() -> {
            try (RawClient client = new RawClient(simulator)) {
                for (int i = 0; i < 10; i++) {
                    client.ask("HEAD", path, "");
                }
                return 10;
            }
        });
        assertThat(seconds).isBetween(0.2, 0.2 * SLOWEST);
    }

    @Test
    void aConnectionHasItsBandwidthAndTwoHaveTwice() throws Exception {
        simulator.limit(Limits.far(0, 20_000_000));
        assertThat(secondsOf(() -> get(1))).isBetween(0.39, 0.4 * SLOWEST);
        assertThat(secondsOf(() -> getBySeveral(3))).isBetween(0.39, 0.4 * SLOWEST);
    }

    @Test
    void allConnectionsShareTheTotal() throws Exception {
        simulator.limit(new Limits(0, 0, 0, 40_000_000, 0, 503, 0));
        assertThat(secondsOf(() -> getBySeveral(3))).isBetween(0.59, 0.6 * SLOWEST);
    }

    @Test
    void whatIsWrittenIsLimitedToo() throws Exception {
        simulator.limit(Limits.far(0, 20_000_000));
        String body = "x".repeat(4_000_000);
        double seconds = secondsOf(() -> {
            try (RawClient client = new RawClient(simulator)) {
                return assertThat(client.ask("PUT", path + "2", body, "x-ms-blob-type: BlockBlob")
                                .status())
                        .isEqualTo(201);
            }
        });
        assertThat(seconds).isBetween(0.19, 0.2 * SLOWEST);
    }

    @Test
    void requestsBeyondTheRateAreTurnedAway() throws Exception {
        simulator.limit(new Limits(0, 0, 0, 0, 10, 429, 3));
        int busy = 0;
        try (RawClient client = new RawClient(simulator)) {
            long began = System.nanoTime();
            int asked = 0;
            while (System.nanoTime() - began < 400_000_000) {
                RawClient.Head head = client.ask("HEAD", path, "");
                asked++;
                if (head.status() == 429) {
                    assertThat(head.header("retry-after")).isEqualTo("3");
                    busy++;
                }
            }
            // In 0.4 s there are at most two of the seconds in which requests are counted.
            assertThat(asked - busy).isBetween(1, 20);
            assertThat(busy).isPositive();
        }
    }
}
