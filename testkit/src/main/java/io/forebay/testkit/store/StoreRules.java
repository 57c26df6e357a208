package io.forebay.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The words that the rules are written in. */
abstract class StoreRules {
    static final Precondition ANY = Precondition.none();
    static final Precondition ABSENT = Precondition.ifAbsent();

    /** No store has ever given this etag: it is not in the form of any of them. */
    static final Precondition NEVER = Precondition.ifMatch(new Etag("0xFFFFFFFFFFFFFFF"));

    /** Long enough for any rule on any store, short enough that a hang is a failure. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlobStoreContract contract;

    StoreRules(BlobStoreContract contract) {
        this.contract = contract;
    }

    final BlobStore store() {
        return contract.store();
    }

    final Set<Capability> capabilities() {
        return contract.capabilities();
    }

    final void assumeCapability(Capability needed) {
        Assumptions.assumeTrue(capabilities().contains(needed), "the store lacks " + needed);
    }

    static Deadline soon() {
        return Deadline.after(PATIENCE, Clock.system());
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** The same {@code length} bytes for each seed, without any pattern. */
    static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    static BlobHeaders headers(String contentType, Map<String, String> metadata) {
        return new BlobHeaders(contentType, Metadata.of(metadata));
    }

    static Precondition ifStill(BlobProperties version) {
        return Precondition.ifMatch(version.etag());
    }

    static BlockId block(int index) {
        return BlockId.of(7, index);
    }

    final BlobProperties put(String name, byte[] content) throws ForebayException {
        return put(name, content, BlobHeaders.NONE, ANY);
    }

    final BlobProperties put(String name, byte[] content, BlobHeaders headers, Precondition precondition)
            throws ForebayException {
        return store().put(name, BlobBody.of(content), headers, precondition, soon());
    }

    final void stage(String name, BlockId id, byte[] content) throws ForebayException {
        store().stageBlock(name, id, BlobBody.of(content), soon());
    }

    final BlobProperties commit(String name, BlockId... blocks) throws ForebayException {
        return commit(name, ANY, blocks);
    }

    /** Without saying, or being told, how long they are. */
    final BlobProperties commit(String name, Precondition precondition, BlockId... blocks) throws ForebayException {
        return store().commitBlocks(name, List.of(blocks), 0, BlobHeaders.NONE, precondition, soon());
    }

    final BlobProperties copy(String from, Precondition source, String to, Precondition target)
            throws ForebayException {
        return store().copy(from, source, BlobLabels.NONE, to, target, soon());
    }

    final BlobProperties head(String name) throws ForebayException {
        return store().head(name, soon());
    }

    final void delete(String name) throws ForebayException {
        store().delete(name, ANY, soon());
    }

    /** All bytes of a blob, in the version that it has now. */
    final byte[] contentOf(String name) throws ForebayException {
        BlobProperties now = head(name);
        if (now.lengthBytes() == 0) {
            return new byte[0];
        }
        return contentOf(name, new ByteRange(0, now.lengthBytes()), ifStill(now));
    }

    final byte[] contentOf(String name, ByteRange range, Precondition precondition) throws ForebayException {
        Collected collected = new Collected();
        store().read(name, range, precondition, collected, soon());
        return collected.bytes();
    }

    /** The whole listing, by as many pages as it takes. */
    final List<ListEntry> listed(String prefix, @Nullable String delimiter, int pageSize) throws ForebayException {
        List<ListEntry> all = new ArrayList<>();
        String continuation = null;
        do {
            ListPage page = store().list(prefix, delimiter, continuation, pageSize, soon());
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(pageSize);
            all.addAll(page.entries());
            continuation = page.continuation();
        } while (continuation != null);
        return all;
    }

    static List<String> blobNames(List<ListEntry> entries) {
        return entries.stream()
                .filter(ListEntry.Blob.class::isInstance)
                .map(ListEntry::name)
                .toList();
    }

    static List<String> prefixNames(List<ListEntry> entries) {
        return entries.stream()
                .filter(ListEntry.Prefix.class::isInstance)
                .map(ListEntry::name)
                .toList();
    }

    static void assertChanged(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ForebayException.Changed.class);
    }

    static void assertNotFound(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ForebayException.NotFound.class);
    }

    /** The blob is missing, and a condition on its version does not hold either. */
    final void assertMissing(ThrowingCallable call) {
        if (capabilities().contains(Capability.MISSING_BEFORE_CONDITION)) {
            assertNotFound(call);
        } else {
            assertThatThrownBy(call).isInstanceOfAny(ForebayException.NotFound.class, ForebayException.Changed.class);
        }
    }

    static void assertInvalid(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ForebayException.InvalidArgument.class);
    }

    /** The two describe the same version, as far as every store can say it: last modified to the second. */
    static void assertSameVersion(BlobProperties actual, BlobProperties expected) {
        assertThat(actual.name()).isEqualTo(expected.name());
        assertThat(actual.etag()).isEqualTo(expected.etag());
        assertThat(actual.lengthBytes()).isEqualTo(expected.lengthBytes());
        assertThat(actual.headers()).isEqualTo(expected.headers());
        assertThat(actual.lastModified().getEpochSecond())
                .isEqualTo(expected.lastModified().getEpochSecond());
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    static byte[] slice(byte[] whole, long offset, long length) {
        return Arrays.copyOfRange(whole, Math.toIntExact(offset), Math.toIntExact(offset + length));
    }
}
