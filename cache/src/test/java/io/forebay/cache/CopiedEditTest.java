package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.BlockId;
import io.forebay.blob.Precondition;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Edits of blobs whose blocks cannot be named again, or of which too much would be sent with the change. */
class CopiedEditTest {
    private static final int PAGE = Bytes.PAGE;
    private static final int BLOCK = 2 * PAGE;
    private static final int SIZE = 20 * BLOCK;
    private static final StoreHook NOTHING = (operation, name) -> {};
    private static final UploadSettings UPLOAD =
            new UploadSettings(new ByteSize(BLOCK), new ByteSize(BLOCK), 3, Duration.ofSeconds(30));

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore("memory", Clock.system());
    private final AtomicInteger generations = new AtomicInteger();
    private final BlobUploader uploader = new BlobUploader(store, UPLOAD, generations::incrementAndGet, Clock.system());
    private SparseFileCache cache;
    /** What the content must have. */
    private byte[] bytes = new byte[0];

    private BlobVersion version = new BlobVersion("memory", "a", new io.forebay.blob.Etag("none"), 0);

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

    private void put(byte[] content) throws ForebayException {
        bytes = content;
        version = versionOf(store.put("a", BlobBody.of(content), BlobHeaders.NONE, Precondition.none(), soon()));
    }

    /** @param rawId how long an id is before it is written in base64 */
    private void stage(byte[] content, int blockBytes, int rawId) throws ForebayException {
        bytes = content;
        List<BlockId> ids = new ArrayList<>();
        for (int at = 0; at < content.length; at += blockBytes) {
            byte[] raw = String.format("%0" + rawId + "d", at).getBytes(StandardCharsets.US_ASCII);
            BlockId id = new BlockId(Base64.getEncoder().encodeToString(raw));
            ids.add(id);
            byte[] block = Arrays.copyOfRange(content, at, Math.min(content.length, at + blockBytes));
            store.stageBlock("a", id, BlobBody.of(block), soon());
        }
        version =
                versionOf(store.commitBlocks("a", ids, content.length, BlobHeaders.NONE, Precondition.none(), soon()));
    }

    private void commit(CachedContent content) throws ForebayException {
        BlobVersion replaced = version;
        version = content.commit(
                image ->
                        versionOf(uploader.upload("a", image, BlobHeaders.NONE, Precondition.ifMatch(replaced.etag()))),
                soon());
    }

    private void write(CachedContent content, int offset, int length, int seed) throws ForebayException {
        byte[] change = Bytes.random(length, seed);
        content.write(offset, ByteBuffer.wrap(change), soon());
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + length));
        System.arraycopy(change, 0, bytes, offset, length);
    }

    private void assertStoreAndCacheHaveIt(CachedContent content) throws Exception {
        assertThat(store.bytes("a")).isEqualTo(bytes);
        assertThat(Bytes.all(content)).isEqualTo(bytes);
    }

    private long staged() {
        return store.requests(StoreOperation.STAGE_BLOCK);
    }

    @Test
    void ofABlobOfOneBodyOnlyTheChangeIsFetchedAndSent() throws Exception {
        put(Bytes.random(SIZE, 1));
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK + 100, 200, 7);
            commit(content);
            assertThat(staged()).isEqualTo(1);
            assertThat(store.requests(StoreOperation.STAGE_BLOCK_FROM)).isEqualTo(2);
            assertThat(store.readBytes()).isLessThanOrEqualTo(BLOCK);
            assertThat(store.bytes("a")).isEqualTo(bytes);

            // What was copied as one block is cut again where the next change is.
            write(content, 15 * BLOCK, PAGE, 8);
            commit(content);
            assertThat(staged()).isEqualTo(2);
            assertThat(store.readBytes()).isLessThanOrEqualTo(2 * BLOCK);
            assertThat(store.committedBlocks("a", soon())).hasSize(5);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void soItIsWhereIdsHaveAnotherLength() throws Exception {
        stage(Bytes.random(SIZE, 1), BLOCK, 48);
        long before = staged();
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK + 100, 200, 7);
            commit(content);
            assertThat(staged() - before).isEqualTo(1);
            assertThat(store.readBytes()).isLessThanOrEqualTo(BLOCK);
            assertThat(store.committedBlocks("a", soon()))
                    .allMatch(block -> block.id().base64().length() == 24);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void anAppendToABlobOfOneBodySendsItsEnd() throws Exception {
        put(Bytes.random(SIZE - 10, 1));
        try (CachedContent content = cache.open(version)) {
            write(content, SIZE - 10, 5, 7);
            commit(content);
            assertThat(staged()).isEqualTo(1);
            assertThat(store.readBytes()).isLessThanOrEqualTo(BLOCK);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void aStoreThatCannotCopyIsSentEverything() throws Exception {
        put(Bytes.random(SIZE, 1));
        store.beforeEffect(CopiedEditTest::refuse);
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK + 100, 200, 7);
            commit(content);
            assertThat(staged()).isEqualTo(SIZE / BLOCK);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void blocksThatCanBeNamedAreKeptByAStoreThatCannotCopy() throws Exception {
        stage(Bytes.random(SIZE, 1), 5 * BLOCK, 16);
        long before = staged();
        store.beforeEffect(CopiedEditTest::refuse);
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK + 100, 200, 7);
            commit(content);
            assertThat(staged() - before).as("one of four, in blocks of ours").isEqualTo(5);
            assertStoreAndCacheHaveIt(content);
        }
    }

    private static void refuse(StoreOperation operation, String name) throws ForebayException {
        if (operation == StoreOperation.STAGE_BLOCK_FROM) {
            throw new ForebayException.Unsupported("no copies here");
        }
    }

    @Test
    void aStoreThatDoesNotFindItsOwnBlobIsSentEverything() throws Exception {
        put(Bytes.random(SIZE, 1));
        store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK_FROM) {
                throw new ForebayException.NotFound("its address is not known there");
            }
        });
        try (CachedContent content = cache.open(version)) {
            write(content, 0, 1, 7);
            commit(content);
            assertStoreAndCacheHaveIt(content);
        }
    }

    @Test
    void aBlobThatSomebodyReplacedIsAConflictBeforeAnythingIsSent() throws Exception {
        put(Bytes.random(SIZE, 1));
        byte[] theirs = Bytes.random(SIZE, 2);
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK, 2 * BLOCK, 7);
            before(StoreOperation.STAGE_BLOCK_FROM, 1, () -> put(theirs));
            assertThatThrownBy(() -> commit(content)).isInstanceOf(ForebayException.Changed.class);
            assertThat(staged()).isZero();
            assertThat(store.bytes("a")).isEqualTo(theirs);
        }
    }

    @Test
    void aBlobThatIsGoneIsAConflict() throws Exception {
        put(Bytes.random(SIZE, 1));
        try (CachedContent content = cache.open(version)) {
            Bytes.all(content);
            write(content, 0, 1, 7);
            before(StoreOperation.STAGE_BLOCK_FROM, 1, () -> store.delete("a", Precondition.none(), soon()));
            assertThatThrownBy(() -> commit(content)).isInstanceOf(ForebayException.Changed.class);
            assertThat(content.isDirty()).isTrue();
            assertThat(store.names()).isEmpty();
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
    }

    /** Something another client does. */
    private interface Deed {
        void run() throws ForebayException;
    }

    /** Before the {@code count}-th request of that kind from now on. */
    private void before(StoreOperation kind, int count, Deed deed) {
        AtomicInteger left = new AtomicInteger(count);
        store.beforeEffect((operation, name) -> {
            if (operation == kind && left.decrementAndGet() == 0) {
                deed.run();
            }
        });
    }

    static LongStream seeds() {
        return LongStream.range(1, 81);
    }

    /** Over blobs of all kinds, by a store that copies or does not, with another client who replaces the blob at any moment. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theStoreHasWhatWasWrittenOrWhatSomebodyElsePut(long seed) throws Exception {
        Random random = new Random(seed);
        if (random.nextInt(5) == 0) {
            store.beforeEffect(CopiedEditTest::refuse);
        }
        byte[] first = Bytes.random(1 + random.nextInt(SIZE), seed);
        switch (random.nextInt(4)) {
            case 0 -> put(first);
            case 1 -> stage(first, 1 + PAGE + random.nextInt(5 * BLOCK), 48);
            case 2 -> stage(first, 1 + PAGE + random.nextInt(10 * BLOCK), 16);
            default -> stage(first, 7 * BLOCK, 16);
        }
        CachedContent content = cache.open(version);
        for (int step = 0; step < 25; step++) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    int size = random.nextInt(SIZE + 3 * BLOCK);
                    content.resize(size, soon());
                    bytes = Arrays.copyOf(bytes, size);
                }
                case 1, 2 -> {
                    commit(content);
                    assertThat(store.bytes("a")).as("step %d", step).isEqualTo(bytes);
                }
                case 3 -> {
                    int from = random.nextInt(Math.max(1, bytes.length));
                    int length = Math.min(3 * PAGE, bytes.length - from);
                    assertThat(Bytes.read(content, from, length))
                            .as("step %d", step)
                            .isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
                }
                case 4 -> content = conflict(content, random);
                default -> write(content, random.nextInt(SIZE + BLOCK), 1 + random.nextInt(2 * PAGE), random.nextInt());
            }
        }
        commit(content);
        assertStoreAndCacheHaveIt(content);
        content.close();
    }

    /** Somebody replaces the blob while ours is uploaded: theirs stands, and is what is opened next. */
    private CachedContent conflict(CachedContent content, Random random) throws Exception {
        Bytes.all(content); // what is not here could not be read any more
        write(content, random.nextInt(bytes.length + 1), 1 + random.nextInt(PAGE), random.nextInt());
        byte[] ours = bytes;
        byte[] theirs = Bytes.random(1 + random.nextInt(SIZE), random.nextLong());
        StoreOperation kind =
                switch (random.nextInt(4)) {
                    case 0 -> StoreOperation.COMMITTED_BLOCKS;
                    case 1 -> StoreOperation.STAGE_BLOCK;
                    case 2 -> StoreOperation.STAGE_BLOCK_FROM;
                    default -> StoreOperation.COMMIT_BLOCKS;
                };
        before(kind, 1 + random.nextInt(2), () -> {
            store.beforeEffect(NOTHING);
            put(theirs);
        });
        try {
            commit(content);
            // Nobody came in between.
            store.beforeEffect(NOTHING);
            assertThat(store.bytes("a")).isEqualTo(ours);
            return content;
        } catch (ForebayException.Changed changed) {
            assertThat(store.bytes("a")).isEqualTo(theirs);
            assertThat(content.isDirty()).isTrue();
            assertThat(Bytes.all(content)).isEqualTo(ours);
            content.close();
            return cache.open(version);
        }
    }
}
