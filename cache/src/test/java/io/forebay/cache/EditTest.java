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
import io.forebay.testkit.store.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large blob of which little is changed: the rest is neither fetched nor sent. */
class EditTest {
    private static final int PAGE = Bytes.PAGE;
    private static final int BLOCK = 4 * PAGE;
    private static final int BLOCKS = 10;
    private static final int SIZE = BLOCKS * BLOCK;
    private static final UploadSettings UPLOAD =
            new UploadSettings(new ByteSize(BLOCK), new ByteSize(BLOCK), 3, Duration.ofSeconds(30));

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore("memory", Clock.system());
    private final AtomicInteger generations = new AtomicInteger();
    private final BlobUploader uploader = new BlobUploader(store, UPLOAD, generations::incrementAndGet, Clock.system());
    private SparseFileCache cache;
    private byte[] bytes = Bytes.random(SIZE, 1);
    private BlobVersion version = new BlobVersion("memory", "a", new io.forebay.blob.Etag("none"), 0);

    @BeforeEach
    void uploadOnce() throws Exception {
        cache = new SparseFileCache(folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system());
        version = stageAndCommit(BLOCK);
    }

    @AfterEach
    void closeCache() {
        cache.close();
    }

    private BlobVersion stageAndCommit(int blockBytes) throws ForebayException {
        List<BlockId> ids = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += blockBytes) {
            BlockId id = BlockId.of(0x0abc, at);
            ids.add(id);
            byte[] block = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + blockBytes));
            store.stageBlock("a", id, BlobBody.of(block), soon());
        }
        return versionOf(store.commitBlocks("a", ids, bytes.length, BlobHeaders.NONE, Precondition.none(), soon()));
    }

    private static Deadline soon() {
        return Bytes.soon();
    }

    private static BlobVersion versionOf(BlobProperties blob) {
        return new BlobVersion("memory", blob.name(), blob.etag(), blob.lengthBytes());
    }

    private BlobVersion commit(CachedContent content, BlobVersion replaced) throws ForebayException {
        return content.commit(
                image ->
                        versionOf(uploader.upload("a", image, BlobHeaders.NONE, Precondition.ifMatch(replaced.etag()))),
                soon());
    }

    private void write(CachedContent content, int offset, int length, int fill) throws ForebayException {
        byte[] change = new byte[length];
        Arrays.fill(change, (byte) fill);
        content.write(offset, ByteBuffer.wrap(change), soon());
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + length));
        System.arraycopy(change, 0, bytes, offset, length);
    }

    private void assertStoreAndCacheHave(CachedContent content) throws Exception {
        assertThat(store.bytes("a")).isEqualTo(bytes);
        assertThat(Bytes.all(content)).isEqualTo(bytes);
    }

    @Test
    void onlyTheBlockWithTheChangeIsFetchedAndSent() throws Exception {
        long staged = store.requests(StoreOperation.STAGE_BLOCK);
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK + PAGE, PAGE, 7);
            BlobVersion next = commit(content, version);

            assertThat(store.requests(StoreOperation.STAGE_BLOCK) - staged).isEqualTo(1);
            assertThat(store.readBytes()).as("the rest of that block").isLessThanOrEqualTo(BLOCK);
            assertThat(store.bytes("a")).isEqualTo(bytes);
            assertThat(content.version()).contains(next);
            assertThat(content.isDirty()).isFalse();
            assertStoreAndCacheHave(content);
        }
    }

    @Test
    void whatIsHereAndUnchangedIsHereAfterwardsToo() throws Exception {
        BlobVersion next;
        try (CachedContent content = cache.open(version)) {
            Bytes.all(content);
            write(content, 100, 10, 7);
            next = commit(content, version);
        }
        long read = store.readBytes();
        try (CachedContent content = cache.open(next)) {
            assertStoreAndCacheHave(content);
        }
        assertThat(store.readBytes()).isEqualTo(read);
        cache.close();
        cache = new SparseFileCache(folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system());
        try (CachedContent content = cache.open(next)) {
            assertStoreAndCacheHave(content);
        }
        assertThat(store.readBytes()).as("after a restart").isEqualTo(read);
    }

    @Test
    void anAppendSendsWhatIsNew() throws Exception {
        long staged = store.requests(StoreOperation.STAGE_BLOCK);
        try (CachedContent content = cache.open(version)) {
            write(content, SIZE, BLOCK + 5, 7);
            version = commit(content, version);
            assertThat(store.requests(StoreOperation.STAGE_BLOCK) - staged).isEqualTo(2);
            assertThat(store.readBytes()).isZero();
            for (int line = 0; line < 20; line++) {
                write(content, bytes.length, 100, line);
                version = commit(content, version);
            }
            assertThat(store.committedBlocks("a", soon()))
                    .as("a log has no block for each line")
                    .hasSize(BLOCKS + 2);
            assertStoreAndCacheHave(content);
        }
    }

    @Test
    void whatIsCutOffIsGoneAndReadsAsZerosWhenTheFileGrowsAgain() throws Exception {
        try (CachedContent content = cache.open(version)) {
            content.resize(3 * BLOCK + 100, soon());
            content.resize(SIZE, soon());
            bytes = Arrays.copyOf(Arrays.copyOf(bytes, 3 * BLOCK + 100), SIZE);
            version = commit(content, version);
            assertStoreAndCacheHave(content);

            content.resize(2 * BLOCK, soon());
            bytes = Arrays.copyOf(bytes, 2 * BLOCK);
            version = commit(content, version);
            assertStoreAndCacheHave(content);
        }
    }

    @Test
    void blocksOfAnySizeAreKept() throws Exception {
        version = stageAndCommit(BLOCK * 2 + 12_345);
        long staged = store.requests(StoreOperation.STAGE_BLOCK);
        try (CachedContent content = cache.open(version)) {
            write(content, 0, 1, 7);
            commit(content, version);
            assertThat(store.requests(StoreOperation.STAGE_BLOCK) - staged)
                    .as("as much of the first block as one of ours has")
                    .isEqualTo(1);
            assertThat(store.requests(StoreOperation.STAGE_BLOCK_FROM))
                    .as("the rest of it")
                    .isEqualTo(1);
            assertThat(store.committedBlocks("a", soon())).hasSize(6);
            assertStoreAndCacheHave(content);
        }
    }

    @Test
    void somebodyElsesVersionIsNeverMixedIn() throws Exception {
        try (CachedContent content = cache.open(version)) {
            write(content, 5 * BLOCK, 10, 7);
            byte[] theirs = Bytes.random(SIZE, 9);
            store.put("a", BlobBody.of(theirs), BlobHeaders.NONE, Precondition.none(), soon());
            assertThatThrownBy(() -> commit(content, version)).isInstanceOf(ForebayException.Changed.class);
            assertThat(store.bytes("a")).isEqualTo(theirs);
            assertThat(content.isDirty()).isTrue();
        }
    }

    @Test
    void aKernelThatMayHaveWrittenAnythingMeansAll() throws Exception {
        long staged = store.requests(StoreOperation.STAGE_BLOCK);
        try (CachedContent content = cache.open(version)) {
            Bytes.all(content);
            assertThat(content.lend(CachedContent.Loan.READ_WRITE)).isPresent();
            write(content, 0, 10, 7);
            commit(content, version);
            assertThat(store.requests(StoreOperation.STAGE_BLOCK) - staged).isEqualTo(BLOCKS);
            assertStoreAndCacheHave(content);
        }
    }

    @Test
    void anyEditsLeaveWhatTheyWrote() throws Exception {
        for (int seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            CachedContent content = cache.open(version);
            for (int step = 0; step < 12; step++) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        int size = random.nextInt(2 * SIZE);
                        content.resize(size, soon());
                        bytes = Arrays.copyOf(bytes, size);
                    }
                    case 1 -> {
                        version = commit(content, version);
                        assertThat(store.bytes("a")).as("seed %d", seed).isEqualTo(bytes);
                    }
                    case 2 -> {
                        int from = random.nextInt(Math.max(1, bytes.length));
                        int length = Math.min(3 * PAGE, bytes.length - from);
                        assertThat(Bytes.read(content, from, length))
                                .as("seed %d", seed)
                                .isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
                    }
                    default ->
                        write(content, random.nextInt(SIZE + BLOCK), 1 + random.nextInt(2 * PAGE), random.nextInt());
                }
            }
            version = commit(content, version);
            assertStoreAndCacheHave(content);
            content.close();
            if (seed % 10 == 0) {
                cache.close();
                cache = new SparseFileCache(
                        folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system());
            }
        }
    }
}
