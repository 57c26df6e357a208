package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small changes of large blobs where close does not wait for the store, as a rule. */
class LargeEditTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int LARGE = 72 * MEBIBYTE;
    private static final byte[] CHANGE = "changed".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path cacheParent;

    private final ManualClock clock = ManualClock.ticking();
    private final MemoryBlobStore store = new MemoryBlobStore("memory://tree", clock);
    private PathTree tree;

    @BeforeEach
    void mount() throws Exception {
        tree = PathTree.writingBack(store, clock, cacheParent);
        byte[] content = new byte[LARGE];
        content[LARGE - 1] = 1;
        tree.remotePut("large", content, BlobHeaders.NONE);
    }

    @AfterEach
    void unmount() {
        clock.advance(Duration.ofMinutes(5));
        tree.close();
    }

    private void change(int offset) throws ForebayException {
        long handle = tree.open("large", OpenMode.WRITE);
        tree.write(handle, offset, new String(CHANGE, StandardCharsets.US_ASCII));
        tree.close(handle);
    }

    private void expectChangedAt(int offset) {
        byte[] now = store.bytes("large");
        assertThat(now).hasSize(LARGE);
        assertThat(Arrays.copyOfRange(now, offset, offset + CHANGE.length)).isEqualTo(CHANGE);
        assertThat(now[LARGE - 1]).isEqualTo((byte) 1);
    }

    @Test
    void theChangeIsInTheStoreAndTheRestWasNotFetched() throws Exception {
        change(30 * MEBIBYTE);

        expectChangedAt(30 * MEBIBYTE);
        assertThat(tree.fs.pendingUploads()).isEmpty();
        assertThat(store.readBytes()).isLessThanOrEqualTo(16 * MEBIBYTE);
        assertThat(store.requests(StoreOperation.STAGE_BLOCK)).isEqualTo(1);
    }

    @Test
    void whatIsHereAsAWholeIsKeptAndUploadedLater() throws Exception {
        tree.readAll("large");
        store.beforeEffect(TreeTest.unavailable(StoreOperation.COMMIT_BLOCKS));
        change(30 * MEBIBYTE);
        assertThat(tree.fs.pendingUploads()).hasSize(1);

        store.beforeEffect((_, _) -> {});
        clock.advance(Duration.ofMinutes(5));
        PathTree.await("upload", () -> tree.fs.pendingUploads().isEmpty());
        expectChangedAt(30 * MEBIBYTE);
        assertThat(store.requests(StoreOperation.STAGE_BLOCK)).isBetween(1L, 2L);
    }

    @Test
    void whatIsSyncedIsHereAsAWhole() throws Exception {
        store.beforeEffect(TreeTest.unavailable(StoreOperation.COMMIT_BLOCKS));
        long handle = tree.open("large", OpenMode.WRITE);
        tree.write(handle, 5, "changed");
        tree.fs.fsync(handle);
        assertThat(tree.fs.pendingUploads()).hasSize(1);
        store.beforeEffect((_, _) -> {});
        tree.close(handle);

        clock.advance(Duration.ofMinutes(5));
        PathTree.await("upload", () -> tree.fs.pendingUploads().isEmpty());
        expectChangedAt(5);
    }
}
