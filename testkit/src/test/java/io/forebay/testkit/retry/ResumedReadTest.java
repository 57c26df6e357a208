package io.forebay.testkit.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import io.forebay.blob.RetryPolicy;
import io.forebay.blob.RetryingBlobStore;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.time.ManualClock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that break off in the middle. */
class ResumedReadTest {
    private static final int LENGTH = 1_000_003;

    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private final MemoryBlobStore memory = new MemoryBlobStore("memory", clock);
    private final byte[] content = new byte[LENGTH];
    private final Random random = new Random(11);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @BeforeEach
    void putABlob() throws Exception {
        random.nextBytes(content);
        memory.put("b", BlobBody.of(content), BlobHeaders.NONE, Precondition.none(), deadline());
    }

    private Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(10), clock);
    }

    private BlobStore retrying(BlobStore store) {
        return new RetryingBlobStore(store, RetryPolicy.DEFAULT, clock, new Random(1), metrics);
    }

    private void take(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        taken.writeBytes(bytes);
    }

    @Test
    void aReadGoesOnBehindWhatTheSinkHas() throws Exception {
        BlobStore store = retrying(new BreakingReads(memory, BreakingReads.after(100_000, this::reset)));
        Etag etag = store.read("b", new ByteRange(17, LENGTH - 17), Precondition.none(), this::take, deadline());

        assertThat(taken.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 17, LENGTH));
        assertThat(etag).isEqualTo(memory.head("b", deadline()).etag());
        assertThat(metrics.value(Metric.STORE_RETRIES)).isEqualTo(9);
        // Each attempt got further, so no pause grew.
        assertThat(clock.sleeps()).allMatch(pause -> pause.compareTo(RetryPolicy.DEFAULT.firstPause()) <= 0);
    }

    @Test
    void aBlobReplacedBetweenAttemptsIsChangedAndNeverMixed() throws Exception {
        BlobStore store = retrying(new BreakingReads(memory, BreakingReads.after(100_000, () -> {
            memory.put("b", BlobBody.of(new byte[LENGTH]), BlobHeaders.NONE, Precondition.none(), deadline());
            return reset();
        })));
        assertThatThrownBy(() -> store.read("b", new ByteRange(0, LENGTH), Precondition.none(), this::take, deadline()))
                .isInstanceOf(ForebayException.Changed.class);
        assertThat(taken.toByteArray()).isEqualTo(Arrays.copyOf(content, 100_000));
    }

    @Test
    void aBlobReplacedBeforeTheFirstByteIsReadAsItIsNow() throws Exception {
        byte[] other = new byte[LENGTH];
        BlobStore store = retrying(new BreakingReads(memory, BreakingReads.onceAfter(0, () -> {
            memory.put("b", BlobBody.of(other), BlobHeaders.NONE, Precondition.none(), deadline());
            return reset();
        })));
        store.read("b", new ByteRange(0, LENGTH), Precondition.none(), this::take, deadline());
        assertThat(taken.toByteArray()).isEqualTo(other);
    }

    @Test
    void aBreakBehindTheLastByteIsNoFailure() throws Exception {
        BlobStore store = retrying(new BreakingReads(memory, BreakingReads.after(LENGTH, this::reset)));
        store.read("b", new ByteRange(0, LENGTH), Precondition.none(), this::take, deadline());
        assertThat(taken.toByteArray()).isEqualTo(content);
        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void shortBodiesAreRepeatedButNotForEver() {
        ForebayException.Corrupt shortBody = new ForebayException.Corrupt("the body ended after 0 bytes");
        BlobStore store = retrying(new BreakingReads(memory, BreakingReads.after(0, () -> shortBody)));
        assertThat(catchThrowable(
                        () -> store.read("b", new ByteRange(0, LENGTH), Precondition.none(), this::take, deadline())))
                .isSameAs(shortBody);
        assertThat(clock.sleeps()).hasSize(RetryPolicy.DEFAULT.corruptAttempts() - 1);
    }

    @Test
    void theSinksFailureIsNotRepeatedWhateverItsKind() {
        ForebayException refused = new ForebayException.Unavailable("the sink's own store is busy");
        ByteSink sink = _ -> {
            throw refused;
        };
        assertThat(catchThrowable(() ->
                        retrying(memory).read("b", new ByteRange(0, LENGTH), Precondition.none(), sink, deadline())))
                .isSameAs(refused);
        assertThat(metrics.value(Metric.STORE_RETRIES)).isZero();
    }

    @Test
    void theCallersOwnConditionHoldsFromTheBeginning() throws Exception {
        BlobProperties first = memory.head("b", deadline());
        memory.put("b", BlobBody.of(new byte[3]), BlobHeaders.NONE, Precondition.none(), deadline());
        assertThatThrownBy(() -> retrying(memory)
                        .read("b", new ByteRange(0, 3), Precondition.ifMatch(first.etag()), this::take, deadline()))
                .isInstanceOf(ForebayException.Changed.class);
    }

    private ForebayException reset() {
        return new ForebayException.Unavailable("the connection broke");
    }
}
