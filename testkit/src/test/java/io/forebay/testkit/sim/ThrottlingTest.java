package io.forebay.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ByteRange;
import io.forebay.blob.CountingBlobStore;
import io.forebay.blob.Precondition;
import io.forebay.blob.RetryPolicy;
import io.forebay.blob.RetryingBlobStore;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureStoreSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that is too busy, and one that is far away, asked by many at once. */
@ExtendWith(SimulatorExtension.class)
class ThrottlingTest {
    private static final int CALLERS = 64;
    private static final long SIZE = 64 << 10;

    private final Metrics metrics = new Metrics();
    private final Simulator simulator;
    private final String container;

    ThrottlingTest(Simulator simulator) throws Exception {
        this.simulator = simulator;
        this.container = simulator.newContainer();
        simulator.declare(container, "b", 1, SIZE);
    }

    @AfterEach
    void asFastAsItCan() throws Exception {
        simulator.limit(Limits.NONE);
    }

    private BlobStore store() throws Exception {
        AzureCredential key = new AzureCredential.SharedKey(Simulator.ACCOUNT, Simulator.KEY);
        AzureStoreSettings settings = AzureStoreSettings.of(simulator.endpoint(), Simulator.ACCOUNT, container, key);
        return new RetryingBlobStore(
                new CountingBlobStore(new AzureBlobStore(settings), metrics),
                RetryPolicy.DEFAULT,
                Clock.system(),
                new Random(1),
                metrics);
    }

    private static void read(BlobStore store) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(60), Clock.system());
        store.read(
                "b",
                new ByteRange(0, SIZE),
                Precondition.none(),
                (ByteBuffer piece) -> piece.position(piece.limit()),
                deadline);
    }

    @ParameterizedTest
    @CsvSource({"503, 1", "429, 0"})
    void aBusyStoreIsLeftAloneByAllAndAllIsDone(int status, long retryAfterSeconds) throws Exception {
        int reads = 800;
        simulator.limit(new Limits(0, 0, 0, 0, 200, status, retryAfterSeconds));
        try (BlobStore store = store();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int own = reads / CALLERS + (caller < reads % CALLERS ? 1 : 0);
                all.add(threads.submit(() -> {
                    for (int index = 0; index < own; index++) {
                        read(store);
                    }
                    return true;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        // Those that were under way together at the first refusal, and a few more each time that the limit is tried
        // again.
        assertThat(metrics.value(Metric.STORE_THROTTLED)).isBetween(1L, 80L);
        assertThat(metrics.value(Metric.STORE_READ_BYTES)).isEqualTo(reads * SIZE);
        assertThat(metrics.value(Metric.STORE_RUNNING)).isZero();
    }

    /** Each connection brings 2 MB/s, and this machine can do with many of them. */
    @Test
    void aStoreThatIsFarIsSoonAskedByMoreAtOnce() throws Exception {
        simulator.limit(Limits.far(20, 2_000_000));
        AtomicBoolean enough = new AtomicBoolean();
        try (BlobStore store = store();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Deadline limit = Deadline.after(Duration.ofSeconds(30), Clock.system());
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 2 * CALLERS; caller++) {
                all.add(threads.submit(() -> {
                    while (!enough.get() && !limit.passed()) {
                        read(store);
                        enough.compareAndSet(false, metrics.value(Metric.STORE_PARALLEL_LIMIT) >= 48);
                    }
                    return true;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(enough).isTrue();
        assertThat(metrics.value(Metric.STORE_THROTTLED)).isZero();
    }
}
