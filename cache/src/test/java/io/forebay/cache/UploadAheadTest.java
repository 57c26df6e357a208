package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreOperation;
import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose blocks are sent while they are written. */
class UploadAheadTest {
    private static final int BLOCK = 2 * Bytes.PAGE;
    private static final UploadSettings UPLOAD =
            new UploadSettings(new ByteSize(BLOCK), new ByteSize(BLOCK), 3, Duration.ofSeconds(30));

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore("memory", Clock.system());
    private final AtomicInteger generations = new AtomicInteger();
    private final BlobUploader uploader = new BlobUploader(store, UPLOAD, generations::incrementAndGet, Clock.system());
    private final UploadAhead ahead = uploader.ahead("a");
    private SparseFileCache cache;
    private CachedContent content;
    /** What the content must have. */
    private byte[] bytes = new byte[0];

    @BeforeEach
    void openCache() throws Exception {
        cache = new SparseFileCache(folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system());
        content = cache.create();
    }

    @AfterEach
    void closeCache() {
        content.close();
        cache.close();
    }

    @Test
    void whatWasSentIsNotSentAgain() throws Exception {
        write(0, 10 * BLOCK, 1);
        assertThat(content.sendAhead(ahead)).isTrue();
        assertThat(staged()).as("all but the last two").isEqualTo(8);
        assertThat(content.sendAhead(ahead)).as("there is nothing more").isFalse();
        write(10 * BLOCK, BLOCK + 17, 2);
        assertThat(content.sendAhead(ahead)).isTrue();
        assertThat(staged()).isEqualTo(9);

        assertThat(commit()).isEqualTo(bytes);
        assertThat(staged()).as("each block once").isEqualTo(12);
        assertThat(store.requests(StoreOperation.COMMIT_BLOCKS)).isEqualTo(1);
        assertThat(Bytes.all(content)).isEqualTo(bytes);
    }

    @Test
    void whatChangedSinceIsSentAgain() throws Exception {
        write(0, 10 * BLOCK, 1);
        content.sendAhead(ahead);
        write(3 * BLOCK + 100, 1, 2);
        write(5 * BLOCK - 1, 2, 3);

        assertThat(commit()).isEqualTo(bytes);
        assertThat(staged()).isEqualTo(8 + 3 + 2);
    }

    @Test
    void aBorrowerWhoWritesWithoutAskingIsFoundOut() throws Exception {
        Path lent = content.lend(CachedContent.Loan.WRITE).orElseThrow();
        bytes = Bytes.random(10 * BLOCK, 1);
        try (RandomAccessFile file = new RandomAccessFile(lent.toFile(), "rw")) {
            file.write(bytes);
            assertThat(content.sendAhead(ahead)).isTrue();
            file.seek(BLOCK);
            bytes[BLOCK]++;
            file.write(bytes[BLOCK]);
        }

        assertThat(commit()).isEqualTo(bytes);
        assertThat(staged()).isEqualTo(8 + 1 + 2);
    }

    @Test
    void aFileThatWasCutIsAsLongAsItIs() throws Exception {
        write(0, 10 * BLOCK, 1);
        content.sendAhead(ahead);
        resize(4 * BLOCK + 11);
        assertThat(commit()).isEqualTo(bytes);
    }

    @Test
    void aFileThatWasCutToAPutIsPut() throws Exception {
        write(0, 10 * BLOCK, 1);
        content.sendAhead(ahead);
        resize(0);
        write(0, 100, 2);
        assertThat(commit()).isEqualTo(bytes);
    }

    @Test
    void blocksThatTheStoreHasDroppedAreSentAgain() throws Exception {
        write(0, 10 * BLOCK, 1);
        content.sendAhead(ahead);
        store.put("a", BlobBody.of(new byte[] {1}), BlobHeaders.NONE, Precondition.none(), Bytes.soon());
        store.delete("a", Precondition.none(), Bytes.soon());
        assertThat(commit()).isEqualTo(bytes);
    }

    @Test
    void theBlobOfAnotherStands() throws Exception {
        write(0, 10 * BLOCK, 1);
        content.sendAhead(ahead);
        store.put("a", BlobBody.of(new byte[] {1}), BlobHeaders.NONE, Precondition.none(), Bytes.soon());
        assertThatThrownBy(this::commit).isInstanceOf(ForebayException.Changed.class);
        assertThat(read()).isEqualTo(new byte[] {1});
        assertThat(content.isDirty()).isTrue();
    }

    @Test
    void aBlockThatFailsIsSentAtTheEnd() throws Exception {
        write(0, 10 * BLOCK, 1);
        AtomicInteger calls = new AtomicInteger();
        store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK && calls.incrementAndGet() == 5) {
                throw new ForebayException.Unavailable("away");
            }
        });
        assertThatThrownBy(() -> content.sendAhead(ahead)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(commit()).isEqualTo(bytes);
    }

    @Test
    void whatComesFromTheStoreIsNotSentAhead() throws Exception {
        write(0, 10 * BLOCK, 1);
        BlobVersion version = commitVersion(uploader.ahead("a"));
        assertThat(content.sendAhead(ahead)).as("it is in the store").isFalse();
        try (CachedContent other = cache.open(version)) {
            Bytes.write(other, 5, new byte[] {1});
            assertThat(other.sendAhead(ahead)).as("most of it is").isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverIsDoneBetweenTheBytesAreThoseOfTheFile(int seed) throws Exception {
        Random random = new Random(seed);
        for (int step = 0; step < 30; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> write(bytes.length, 1 + random.nextInt(3 * BLOCK), random.nextInt());
                case 2 -> write(random.nextInt(bytes.length + 1), 1 + random.nextInt(BLOCK), random.nextInt());
                case 3 -> {
                    if (random.nextInt(4) == 0) {
                        resize(random.nextInt(bytes.length + BLOCK));
                    }
                }
                default -> content.sendAhead(ahead);
            }
        }
        if (bytes.length == 0) {
            write(0, 1, 1);
        }
        assertThat(commit()).as("seed " + seed).isEqualTo(bytes);
    }

    private void write(int offset, int length, int seed) throws ForebayException {
        byte[] change = Bytes.random(length, seed);
        content.write(offset, ByteBuffer.wrap(change), Bytes.soon());
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, offset + length));
        System.arraycopy(change, 0, bytes, offset, length);
    }

    private void resize(int sizeBytes) throws ForebayException {
        content.resize(sizeBytes, Bytes.soon());
        bytes = Arrays.copyOf(bytes, sizeBytes);
    }

    private BlobVersion commitVersion(UploadAhead upload) throws ForebayException {
        return content.commit(
                image -> {
                    BlobProperties blob =
                            upload.finish(image, BlobHeaders.NONE, Precondition.ifAbsent(), DecidingRequest.PLAIN);
                    return new BlobVersion("memory", blob.name(), blob.etag(), blob.lengthBytes());
                },
                Bytes.soon());
    }

    /** What the store has after the commit. */
    private byte[] commit() throws ForebayException {
        assertThat(commitVersion(ahead).lengthBytes()).isEqualTo(bytes.length);
        return read();
    }

    private byte[] read() throws ForebayException {
        long length = store.head("a", Bytes.soon()).lengthBytes();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        store.read(
                "a",
                new ByteRange(0, length),
                Precondition.none(),
                piece -> {
                    byte[] some = new byte[piece.remaining()];
                    piece.get(some);
                    read.writeBytes(some);
                },
                Bytes.soon());
        return read.toByteArray();
    }

    private long staged() {
        return store.requests(StoreOperation.STAGE_BLOCK);
    }
}
