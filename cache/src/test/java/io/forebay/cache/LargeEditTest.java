package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Precondition;
import io.forebay.blob.RetryPolicy;
import io.forebay.blob.RetryingBlobStore;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureStoreSettings;
import io.forebay.testkit.sim.Counts;
import io.forebay.testkit.sim.Operation;
import io.forebay.testkit.sim.Simulator;
import io.forebay.testkit.sim.SimulatorExtension;
import io.forebay.testkit.sim.SyntheticContent;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a small change of a very large blob moves, as the store counts it. */
@ExtendWith(SimulatorExtension.class)
class LargeEditTest {
    private static final long MEBIBYTE = 1L << 20;
    private static final long SIZE = 4096 * MEBIBYTE;
    private static final String NAME = "model.safetensors";

    @TempDir
    Path folder;

    private final Simulator simulator;

    LargeEditTest(Simulator simulator) {
        this.simulator = simulator;
    }

    @Test
    void aPageInTheMiddleOfABlobWithoutBlocksMovesAFewMebibytes() throws Exception {
        String container = simulator.newContainer();
        simulator.declare(container, NAME, 1, SIZE);
        AzureCredential key = new AzureCredential.SharedKey(Simulator.ACCOUNT, Simulator.KEY);
        try (BlobStore store = new RetryingBlobStore(
                        new AzureBlobStore(
                                AzureStoreSettings.of(simulator.endpoint(), Simulator.ACCOUNT, container, key)),
                        RetryPolicy.DEFAULT,
                        Clock.system(),
                        new Random(1),
                        new Metrics());
                SparseFileCache cache = new SparseFileCache(
                        folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system())) {
            BlobUploader uploader = new BlobUploader(store, UploadSettings.DEFAULTS, () -> 7, Clock.system());
            BlobProperties before = store.head(NAME, Bytes.soon());
            simulator.resetCounts();
            byte[] change = Bytes.random(64 << 10, 3);
            long offset = SIZE / 2 + 12_345;
            try (CachedContent content = cache.open(version(store, before))) {
                Bytes.write(content, offset, change);
                content.commit(
                        image -> version(
                                store,
                                uploader.upload(NAME, image, BlobHeaders.NONE, Precondition.ifMatch(before.etag()))),
                        Bytes.soon());

                Counts counts = simulator.counts();
                assertThat(counts.receivedBytes()).as("uploaded").isLessThanOrEqualTo(16 * MEBIBYTE);
                assertThat(counts.sentBytes()).as("downloaded").isLessThanOrEqualTo(16 * MEBIBYTE);
                assertThat(counts.requests(Operation.PUT_BLOCK)).isEqualTo(1);
                assertThat(counts.requests(Operation.PUT_BLOCK_FROM_URL, "201"))
                        .as("100 MiB each, on both sides of the change")
                        .isEqualTo(42);
            }
            assertBytes(store, offset, change);
        }
    }

    private static BlobVersion version(BlobStore store, BlobProperties blob) {
        return new BlobVersion(store.displayName(), blob.name(), blob.etag(), blob.lengthBytes());
    }

    /** As another mount reads it: around the change, and where one block ends and the next begins. */
    private void assertBytes(BlobStore store, long offset, byte[] change) throws Exception {
        BlobProperties now = store.head(NAME, Bytes.soon());
        assertThat(now.lengthBytes()).isEqualTo(SIZE);
        try (SparseFileCache cache = new SparseFileCache(
                        folder.resolve("other"), new StoreBlockSource(store), CacheSettings.DEFAULTS, Clock.system());
                CachedContent content = cache.open(version(store, now))) {
            assertThat(Bytes.read(content, offset, change.length)).isEqualTo(change);
            int around = 4 << 20;
            assertThat(Bytes.read(content, offset - around, around))
                    .isEqualTo(SyntheticContent.bytes(NAME, offset - around, around));
            assertThat(Bytes.read(content, offset + change.length, around))
                    .isEqualTo(SyntheticContent.bytes(NAME, offset + change.length, around));
            for (long at = 100 * MEBIBYTE - 10; at < SIZE / 2; at += 100 * MEBIBYTE) {
                assertThat(Bytes.read(content, at, 20)).isEqualTo(SyntheticContent.bytes(NAME, at, 20));
            }
            assertThat(Bytes.read(content, SIZE - 1000, 2000))
                    .isEqualTo(SyntheticContent.bytes(NAME, SIZE - 1000, 1000));
        }
    }
}
