package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Precondition;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** New files whose bytes are those of blobs that the store has. */
class CopiedContentTest {
    private static final int PAGE = Bytes.PAGE;
    private static final int BLOCK = 2 * PAGE;
    private static final int SIZE = 20 * BLOCK + 1_001;
    private static final UploadSettings UPLOAD =
            new UploadSettings(new ByteSize(BLOCK), new ByteSize(BLOCK), 3, Duration.ofSeconds(30));

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore("memory", Clock.system());
    private final AtomicInteger generations = new AtomicInteger();
    private final BlobUploader uploader = new BlobUploader(store, UPLOAD, generations::incrementAndGet, Clock.system());
    private SparseFileCache cache;
    /** What the copy must have. */
    private byte[] bytes = new byte[0];

    @BeforeEach
    void openCache() throws Exception {
        cache = new SparseFileCache(folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system());
    }

    @AfterEach
    void closeCache() {
        cache.close();
    }

    private static Deadline soon() {
        return Bytes.soon();
    }

    private static BlobVersion versionOf(BlobProperties blob) {
        return new BlobVersion("memory", blob.name(), blob.etag(), blob.lengthBytes());
    }

    private BlobVersion put(String name, byte[] content) throws ForebayException {
        return versionOf(store.put(name, BlobBody.of(content), BlobHeaders.NONE, Precondition.none(), soon()));
    }

    /** As a copy does it: the version is what the bytes are of. */
    private void copy(BlobVersion source, int from, int length, CachedContent target, int to) throws ForebayException {
        try (CachedContent content = cache.open(source)) {
            assertThat(content.unchangedVersion()).contains(source);
            byte[] piece = Bytes.read(content, from, length);
            target.writeCopied(to, ByteBuffer.wrap(piece), source, from, soon());
            patch(to, piece);
        }
    }

    private void write(CachedContent target, int offset, byte[] change) throws ForebayException {
        target.write(offset, ByteBuffer.wrap(change), soon());
        patch(offset, change);
    }

    private void patch(int offset, byte[] change) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + change.length));
        System.arraycopy(change, 0, bytes, offset, change.length);
    }

    private void commit(CachedContent content) throws ForebayException {
        Precondition replaced = content.version()
                .map(version -> Precondition.ifMatch(version.etag()))
                .orElse(Precondition.ifAbsent());
        content.commit(image -> versionOf(uploader.upload("copy", image, BlobHeaders.NONE, replaced)), soon());
    }

    private void assertStoreAndCacheHaveIt(CachedContent content) throws Exception {
        assertThat(store.bytes("copy")).isEqualTo(bytes);
        assertThat(Bytes.all(content)).isEqualTo(bytes);
    }

    private long sent() {
        return store.requests(StoreOperation.STAGE_BLOCK);
    }

    private long copied() {
        return store.requests(StoreOperation.STAGE_BLOCK_FROM);
    }

    @Test
    void aCopyOfABlobIsMadeByTheStoreInOnePiece() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.create()) {
            for (int at = 0; at < SIZE; at += 3 * PAGE) {
                copy(source, at, Math.min(3 * PAGE, SIZE - at), content, at);
            }
            commit(content);
            assertThat(sent()).isZero();
            assertThat(copied()).isEqualTo(1);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void piecesOfSeveralBlobsAreCopiedFromEach() throws Exception {
        BlobVersion a = put("a", Bytes.random(SIZE, 1));
        BlobVersion b = put("b", Bytes.random(SIZE, 2));
        try (CachedContent content = cache.create()) {
            copy(b, 3 * PAGE, 4 * PAGE, content, 0);
            copy(a, 0, 4 * PAGE, content, 4 * PAGE);
            write(content, 8 * PAGE, Bytes.random(BLOCK, 3));
            copy(a, 5, BLOCK, content, 8 * PAGE + BLOCK);
            commit(content);
            assertThat(sent()).isEqualTo(1);
            assertThat(copied()).isEqualTo(3);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void whatWasWrittenOverIsSent() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.create()) {
            copy(source, 0, 10 * BLOCK, content, 0);
            copy(source, 11 * BLOCK, 9 * BLOCK, content, 11 * BLOCK);
            write(content, 15 * BLOCK + 5, new byte[] {1});
            commit(content);
            assertThat(copied()).isEqualTo(1);
            assertThat(sent()).as("the gap and the second range").isEqualTo(10);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void whatTheKernelWroteOverIsSent() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.create()) {
            Path file = content.lend(CachedContent.Loan.READ_WRITE).orElseThrow();
            copy(source, 0, SIZE, content, 0);
            byte[] change = {1, 2, 3};
            try (FileChannel behindOurBack = FileChannel.open(file, StandardOpenOption.WRITE)) {
                behindOurBack.write(ByteBuffer.wrap(change), BLOCK + 7);
            }
            patch(BLOCK + 7, change);
            commit(content);
            assertThat(copied()).isZero();
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void aCopyThatIsCutIsStillRight() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.create()) {
            copy(source, 0, SIZE, content, 0);
            content.resize(SIZE - PAGE - 5, soon());
            bytes = Arrays.copyOf(bytes, SIZE - PAGE - 5);
            commit(content);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void whatWasReplacedInTheStoreIsSent() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.create()) {
            copy(source, 0, SIZE, content, 0);
            put("a", Bytes.random(SIZE, 2));
            commit(content);
            assertThat(sent()).isEqualTo(21);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void whatWasRemovedFromTheStoreIsSent() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.create()) {
            copy(source, 0, SIZE, content, 0);
            store.delete("a", Precondition.none(), soon());
            commit(content);
            assertThat(sent()).isEqualTo(21);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void aStoreThatCannotCopyIsSentEverything() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        store.beforeEffect(CopiedContentTest::refuse);
        try (CachedContent content = cache.create()) {
            copy(source, 0, SIZE, content, 0);
            commit(content);
            assertThat(sent()).isEqualTo(21);
            assertStoreAndCacheHaveIt(content);
        }
    }

    private static void refuse(StoreOperation operation, String name) throws ForebayException {
        if (operation == StoreOperation.STAGE_BLOCK_FROM) {
            throw new ForebayException.Unsupported("no copies here");
        }
    }

    @Test
    void noBlockOfACopyIsSentAheadAndOfAnotherFileEach() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent copy = cache.create();
                CachedContent written = cache.create()) {
            copy(source, 0, SIZE, copy, 0);
            Bytes.write(written, 0, bytes);
            assertThat(copy.sendAhead(uploader.ahead("copy"))).isFalse();
            assertThat(written.sendAhead(uploader.ahead("written"))).isTrue();
        }
    }

    @Test
    void whatIsChangedOrMayBeIsNoVersion() throws Exception {
        BlobVersion source = put("a", Bytes.random(SIZE, 1));
        try (CachedContent content = cache.open(source)) {
            assertThat(content.unchangedVersion()).contains(source);
            Bytes.all(content);
            assertThat(content.lend(CachedContent.Loan.READ)).isPresent();
            assertThat(content.unchangedVersion()).contains(source);
            assertThat(content.lend(CachedContent.Loan.WRITE)).isPresent();
            assertThat(content.unchangedVersion()).isEmpty();
        }
        try (CachedContent content = cache.open(source)) {
            Bytes.write(content, 5, new byte[1]);
            assertThat(content.unchangedVersion()).isEmpty();
        }
    }

    static LongStream seeds() {
        return LongStream.range(1, 61);
    }

    /** From sources that others replace and remove meanwhile, by a store that copies or does not. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theStoreHasWhatIsHere(long seed) throws Exception {
        Random random = new Random(seed);
        if (random.nextInt(5) == 0) {
            store.beforeEffect(CopiedContentTest::refuse);
        }
        List<String> names = List.of("a", "b", "c");
        CachedContent content = cache.create();
        Optional<Path> lent = random.nextBoolean() ? content.lend(CachedContent.Loan.READ_WRITE) : Optional.empty();
        for (int step = 0; step < 30; step++) {
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(9)) {
                case 0 -> {
                    commit(content);
                    assertThat(store.bytes("copy")).as("step %d", step).isEqualTo(bytes);
                }
                case 1 -> {
                    int size = random.nextInt(SIZE);
                    content.resize(size, soon());
                    bytes = Arrays.copyOf(bytes, size);
                }
                case 2 -> {
                    byte[] change = Bytes.random(1 + random.nextInt(PAGE), random.nextLong());
                    int at = random.nextInt(SIZE);
                    if (lent.isPresent()) {
                        try (FileChannel file = FileChannel.open(lent.get(), StandardOpenOption.WRITE)) {
                            file.write(ByteBuffer.wrap(change), at);
                        }
                        patch(at, change);
                    } else {
                        write(content, at, change);
                    }
                }
                case 3 -> {
                    // Somebody else, after it was copied from or before.
                    if (store.names().contains(name) && random.nextBoolean()) {
                        store.delete(name, Precondition.none(), soon());
                    } else {
                        put(name, Bytes.random(SIZE, random.nextLong()));
                    }
                }
                default -> {
                    BlobVersion source = put(name, Bytes.random(SIZE, random.nextInt(3)));
                    int from = random.nextInt(3) * PAGE + random.nextInt(2);
                    int to = random.nextInt(8) * PAGE;
                    for (int pieces = 1 + random.nextInt(4); pieces > 0; pieces--) {
                        copy(source, from, 3 * PAGE, content, to);
                        from += 3 * PAGE;
                        to += 3 * PAGE;
                    }
                }
            }
        }
        commit(content);
        assertStoreAndCacheHaveIt(content);
        content.close();
    }
}
