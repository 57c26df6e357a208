package io.forebay.testkit.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.CountingBlobStore;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.RetryPolicy;
import io.forebay.blob.RetryingBlobStore;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often, how long, and what is said in the end. */
class RetryingBlobStoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private final MemoryBlobStore memory = new MemoryBlobStore("memory", clock);
    private final BlobStore store = new RetryingBlobStore(
            new CountingBlobStore(memory, metrics), RetryPolicy.DEFAULT, clock, new Random(1), metrics);

    private Deadline deadline() {
        return Deadline.after(LIMIT, clock);
    }

    private static BlobBody body(String text) {
        return BlobBody.of(text.getBytes(UTF_8));
    }

    private static ForebayException busy() {
        return new ForebayException.Unavailable("the store is busy");
    }

    /** Fails the first {@code times} requests. */
    private static StoreHook failing(int times, ForebayException failure) {
        AtomicInteger left = new AtomicInteger(times);
        return (_, _) -> {
            if (left.getAndDecrement() > 0) {
                throw failure;
            }
        };
    }

    @Test
    void whatWasUnavailableIsRepeatedUntilItWorks() throws Exception {
        memory.beforeEffect(failing(4, busy()));
        store.put("b", body("content"), BlobHeaders.NONE, Precondition.none(), deadline());

        assertThat(memory.bytes("b")).isEqualTo("content".getBytes(UTF_8));
        assertThat(metrics.value(Metric.STORE_REQUESTS)).isEqualTo(5);
        assertThat(metrics.value(Metric.STORE_RETRIES)).isEqualTo(4);
        assertThat(metrics.value(Metric.STORE_WRITTEN_BYTES)).isEqualTo(7);
    }

    @Test
    void pausesDoubleAndAreSpreadAndEndAtTheLongest() {
        memory.beforeEffect((_, _) -> {
            throw busy();
        });
        assertThat(catchThrowable(() -> store.head("b", deadline()))).isInstanceOf(ForebayException.Unavailable.class);

        List<Duration> pauses = clock.sleeps();
        Duration most = RetryPolicy.DEFAULT.firstPause();
        for (Duration pause : pauses) {
            assertThat(pause).isBetween(most.dividedBy(2), most);
            Duration doubled = most.multipliedBy(2);
            most = doubled.compareTo(RetryPolicy.DEFAULT.longestPause()) < 0
                    ? doubled
                    : RetryPolicy.DEFAULT.longestPause();
        }
        assertThat(pauses).hasSizeBetween(10, 20).doesNotHaveDuplicates();
    }

    @Test
    void theEndSaysHowLongHowOftenAndWhy() {
        memory.beforeEffect((_, _) -> {
            clock.advance(Duration.ofSeconds(25));
            throw busy();
        });
        assertThatThrownBy(() -> store.head("b", deadline()))
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessageMatching("the store is busy; gave up after 3 attempts in 75\\.\\d s");
    }

    @Test
    void noPauseReachesBeyondTheDeadline() {
        memory.beforeEffect((_, _) -> {
            throw busy();
        });
        Deadline deadline = Deadline.after(Duration.ofMillis(40), clock);
        assertThatThrownBy(() -> store.head("b", deadline)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(clock.sleeps()).isEmpty();
        assertThat(deadline.passed()).isFalse();
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        store.put("b", body("x"), BlobHeaders.NONE, Precondition.none(), deadline());
        memory.beforeEffect(failing(1, new ForebayException.Unavailable("slow down", Duration.ofSeconds(17), null)));
        store.head("b", deadline());
        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(17));

        memory.beforeEffect(failing(1, new ForebayException.Unavailable("slow down", LIMIT, null)));
        assertThatThrownBy(() -> store.head("b", deadline())).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(clock.sleeps()).hasSize(1);
    }

    @Test
    void otherFailuresAreNotRepeated() {
        for (ForebayException failure : List.of(
                new ForebayException.NotFound("x"),
                new ForebayException.Changed("x"),
                new ForebayException.Denied("x"),
                new ForebayException.InvalidArgument("x"),
                new ForebayException.Interrupted("x"),
                new ForebayException.Unexpected("x", null))) {
            memory.beforeEffect(failing(1, failure));
            assertThat(catchThrowable(() -> store.head("b", deadline()))).isSameAs(failure);
        }
        assertThat(metrics.value(Metric.STORE_RETRIES)).isZero();
    }

    @Test
    void everyOperationIsRepeated() throws Exception {
        store.put("b", body("x"), BlobHeaders.NONE, Precondition.none(), deadline());
        List<StoreOperation> failed = new ArrayList<>();
        memory.beforeEffect((operation, _) -> {
            if (!failed.contains(operation)) {
                failed.add(operation);
                throw busy();
            }
        });
        var id = BlockId.of(1, 0);
        var any = Precondition.none();
        store.checkAccess(deadline());
        store.head("b", deadline());
        store.list("", null, null, 10, deadline());
        store.read("b", new ByteRange(0, 1), any, _ -> {}, deadline());
        store.put("b", body("y"), BlobHeaders.NONE, any, deadline());
        store.stageBlock("b", id, body("z"), deadline());
        store.stageBlockFrom("b", id, "b", new ByteRange(0, 1), any, deadline());
        store.commitBlocks("b", List.of(id), 1, BlobHeaders.NONE, any, deadline());
        store.committedBlocks("b", deadline());
        store.copy("b", any, BlobLabels.NONE, "c", any, deadline());
        store.setMetadata("b", Metadata.EMPTY, any, deadline());
        store.delete("b", any, deadline());
        assertThat(failed).containsExactlyInAnyOrder(StoreOperation.values());
    }

    @Test
    void anInterruptedPauseEndsTheCall() {
        memory.beforeEffect((_, _) -> {
            Thread.currentThread().interrupt();
            throw busy();
        });
        assertThatThrownBy(() -> store.head("b", deadline())).isInstanceOf(ForebayException.Interrupted.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
