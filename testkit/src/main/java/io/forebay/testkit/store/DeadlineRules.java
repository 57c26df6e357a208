package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A call whose time is up when it begins does not begin. */
abstract class DeadlineRules extends StoreRules {
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    DeadlineRules(BlobStoreContract contract) {
        super(contract);
    }

    private static Deadline passed() {
        Clock clock = Clock.system();
        return new Deadline(clock, clock.nanoTime() - 1);
    }

    @TestFactory
    List<DynamicTest> everyCallIsUnavailableAtOnce() throws Exception {
        put("b", bytes("content"));
        Map<String, ThrowingCallable> calls = Map.ofEntries(
                Map.entry("checkAccess", () -> store().checkAccess(passed())),
                Map.entry("head", () -> store().head("b", passed())),
                Map.entry("list", () -> store().list("", null, null, 10, passed())),
                Map.entry("read", () -> store().read("b", new ByteRange(0, 1), ANY, new Collected(), passed())),
                Map.entry("put", () -> store().put("b", BlobBody.of(bytes("x")), BlobHeaders.NONE, ANY, passed())),
                Map.entry("stageBlock", () -> store().stageBlock("b", block(0), BlobBody.of(bytes("x")), passed())),
                Map.entry("stageBlockFrom", () -> store().stageBlockFrom(
                                "b", block(0), "b", new ByteRange(0, 1), ANY, passed())),
                Map.entry(
                        "commitBlocks", () -> store().commitBlocks("b", List.of(), 0, BlobHeaders.NONE, ANY, passed())),
                Map.entry("committedBlocks", () -> store().committedBlocks("b", passed())),
                Map.entry("copy", () -> store().copy("b", ANY, BlobLabels.NONE, "c", ANY, passed())),
                Map.entry("delete", () -> store().delete("b", ANY, passed())),
                Map.entry("setMetadata", () -> store().setMetadata("b", Metadata.EMPTY, ANY, passed())));
        return calls.entrySet().stream()
                .map(call -> DynamicTest.dynamicTest(call.getKey(), () -> assertUnavailableAtOnce(call.getValue())))
                .toList();
    }

    private static void assertUnavailableAtOnce(ThrowingCallable call) {
        long startNanos = System.nanoTime();
        assertThatThrownBy(call).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(AT_ONCE);
    }

    @Test
    void aChangeThatCameTooLateDidNotHappen() throws Exception {
        BlobProperties before = put("b", bytes("content"));
        assertThatThrownBy(() -> store().put("b", BlobBody.of(bytes("x")), BlobHeaders.NONE, ANY, passed()))
                .isInstanceOf(ForebayException.Unavailable.class);
        assertThatThrownBy(() -> store().delete("b", ANY, passed())).isInstanceOf(ForebayException.Unavailable.class);
        assertSameVersion(head("b"), before);
        assertThat(contentOf("b")).isEqualTo(bytes("content"));
    }
}
