package io.forebay.testkit.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.RetryPolicy;
import io.forebay.blob.RetryingBlobStore;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Conditional changes that took effect, whose answer was lost, and which therefore fail when they are repeated. */
class LostAnswerTest {
    private static final Precondition ANY = Precondition.none();
    private static final Precondition ABSENT = Precondition.ifAbsent();
    private static final BlobHeaders HEADERS =
            new BlobHeaders("text/plain", Metadata.of(Map.of("mtime", "1700000000.5")));

    private final ManualClock clock = new ManualClock();
    private final MemoryBlobStore memory = new MemoryBlobStore("memory", clock);
    private final BlobStore store =
            new RetryingBlobStore(memory, RetryPolicy.DEFAULT, clock, new Random(1), new Metrics());

    private interface Change {
        void make() throws ForebayException;
    }

    private Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(60), clock);
    }

    private static BlobBody body(String text) {
        return BlobBody.of(text.getBytes(UTF_8));
    }

    /** The next answer to {@code operation} is lost, and {@code meanwhile} happens before the call is repeated. */
    private void loseAnswerOf(StoreOperation operation, Change meanwhile) {
        memory.beforeAnswer((asked, _) -> {
            if (asked == operation) {
                memory.beforeAnswer((_, _) -> {});
                meanwhile.make();
                throw new ForebayException.Unavailable("the connection broke");
            }
        });
    }

    private void loseAnswerOf(StoreOperation operation) {
        loseAnswerOf(operation, () -> {});
    }

    @Test
    void aNewBlobWithOurBytesIsOurs() throws Exception {
        loseAnswerOf(StoreOperation.PUT);
        BlobProperties put = store.put("b", body("content"), HEADERS, ABSENT, deadline());
        assertThat(put).isEqualTo(memory.head("b", deadline()));
    }

    @Test
    void aReplacedBlobWithOurBytesIsOurs() throws Exception {
        BlobProperties first = memory.put("b", body("first"), HEADERS, ANY, deadline());
        loseAnswerOf(StoreOperation.PUT);
        BlobProperties put = store.put("b", body("second"), HEADERS, Precondition.ifMatch(first.etag()), deadline());
        assertThat(put).isEqualTo(memory.head("b", deadline()));
        assertThat(put.etag()).isNotEqualTo(first.etag());
    }

    @Test
    void aBlobWithOtherBytesIsChanged() {
        loseAnswerOf(StoreOperation.PUT, () -> memory.put("b", body("CONTENT"), HEADERS, ANY, deadline()));
        assertChanged(() -> store.put("b", body("content"), HEADERS, ABSENT, deadline()));
    }

    @Test
    void aBlobOfAnotherLengthOrWithOtherHeadersIsChanged() {
        loseAnswerOf(StoreOperation.PUT, () -> memory.put("b", body("longer content"), HEADERS, ANY, deadline()));
        assertChanged(() -> store.put("b", body("content"), HEADERS, ABSENT, deadline()));
        loseAnswerOf(StoreOperation.PUT, () -> memory.put("c", body("content"), BlobHeaders.NONE, ANY, deadline()));
        assertChanged(() -> store.put("c", body("content"), HEADERS, ABSENT, deadline()));
    }

    @Test
    void whoMadeAnEmptyBlobStaysOpen() {
        loseAnswerOf(StoreOperation.PUT);
        assertOpen(() -> store.put("lock", body(""), BlobHeaders.NONE, ABSENT, deadline()));
    }

    @Test
    void aBlobThatWasEmptiedIsOurs() throws Exception {
        BlobProperties first = memory.put("b", body("first"), HEADERS, ANY, deadline());
        loseAnswerOf(StoreOperation.PUT);
        assertThat(store.put("b", body(""), HEADERS, Precondition.ifMatch(first.etag()), deadline())
                        .lengthBytes())
                .isZero();
    }

    @Test
    void aChangedThatFollowsNoLostAnswerIsBelieved() throws Exception {
        memory.put("b", body("content"), HEADERS, ANY, deadline());
        assertChanged(() -> store.put("b", body("content"), HEADERS, ABSENT, deadline()));
    }

    @Test
    void aCommitOfOurBlocksIsOurs() throws Exception {
        List<BlockId> blocks = List.of(BlockId.of(77, 0), BlockId.of(77, 1));
        memory.stageBlock("b", blocks.get(0), body("one"), deadline());
        memory.stageBlock("b", blocks.get(1), body("two"), deadline());
        loseAnswerOf(StoreOperation.COMMIT_BLOCKS);
        assertThat(store.commitBlocks("b", blocks, 6, HEADERS, ABSENT, deadline()))
                .isEqualTo(memory.head("b", deadline()));
    }

    @Test
    void aCommitThatWasReplacedIsChanged() throws Exception {
        List<BlockId> blocks = List.of(BlockId.of(77, 0));
        memory.stageBlock("b", blocks.getFirst(), body("one"), deadline());
        loseAnswerOf(StoreOperation.COMMIT_BLOCKS, () -> memory.put("b", body("one"), HEADERS, ANY, deadline()));
        assertChanged(() -> store.commitBlocks("b", blocks, 3, HEADERS, ABSENT, deadline()));
    }

    @Test
    void aCommitThatWasDeletedIsChanged() throws Exception {
        List<BlockId> blocks = List.of(BlockId.of(77, 0));
        BlobProperties first = memory.put("b", body("first"), HEADERS, ANY, deadline());
        memory.stageBlock("b", blocks.getFirst(), body("one"), deadline());
        loseAnswerOf(StoreOperation.COMMIT_BLOCKS, () -> memory.delete("b", ANY, deadline()));
        assertChanged(
                () -> store.commitBlocks("b", blocks, 3, HEADERS, Precondition.ifMatch(first.etag()), deadline()));
    }

    @Test
    void aDeleteThatFindsNothingHasDeleted() throws Exception {
        memory.put("b", body("content"), HEADERS, ANY, deadline());
        loseAnswerOf(StoreOperation.DELETE);
        store.delete("b", ANY, deadline());
        assertThat(memory.names()).isEmpty();
        assertThatThrownBy(() -> store.delete("b", ANY, deadline())).isInstanceOf(ForebayException.NotFound.class);
    }

    @Test
    void aDeleteNeverTouchesWhatCameAfter() throws Exception {
        BlobProperties first = memory.put("b", body("content"), HEADERS, ANY, deadline());
        loseAnswerOf(StoreOperation.DELETE, () -> memory.put("b", body("new"), HEADERS, ANY, deadline()));
        assertChanged(() -> store.delete("b", Precondition.ifMatch(first.etag()), deadline()));
        assertThat(memory.bytes("b")).isEqualTo("new".getBytes(UTF_8));
    }

    @Test
    void aCopyOrMetadataStaysOpen() throws Exception {
        BlobProperties first = memory.put("b", body("content"), HEADERS, ANY, deadline());
        loseAnswerOf(StoreOperation.COPY);
        assertOpen(() -> store.copy("b", ANY, BlobLabels.NONE, "c", ABSENT, deadline()));
        loseAnswerOf(StoreOperation.SET_METADATA);
        assertOpen(() -> store.setMetadata("b", Metadata.EMPTY, Precondition.ifMatch(first.etag()), deadline()));
    }

    private static void assertChanged(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ForebayException.Changed.class);
    }

    private static void assertOpen(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessageContaining("it may have been this very call");
    }
}
