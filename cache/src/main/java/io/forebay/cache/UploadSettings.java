package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.blob.BlobStore;
import java.time.Duration;

/**
 * How content is cut for its way to the store.
 *
 * @param putThreshold content up to this size goes as one put
 * @param block the size of a block; grows for content that would need more than {@link BlobStore#MAX_BLOCKS} of them
 * @param blocksInFlight how many blocks of one upload are sent at once
 * @param requestLimit the time that one request may take, its retries included
 */
public record UploadSettings(ByteSize putThreshold, ByteSize block, int blocksInFlight, Duration requestLimit) {
    public static final UploadSettings DEFAULTS =
            new UploadSettings(ByteSize.ofMebibytes(8), ByteSize.ofMebibytes(8), 16, Duration.ofMinutes(5));

    /** Beyond it more connections than one host serves well; a limit against a slip of the pen. */
    private static final int MOST_IN_FLIGHT = 256;

    public UploadSettings {
        if (putThreshold.bytes() > BlobStore.MAX_SINGLE_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "one put takes at most " + new ByteSize(BlobStore.MAX_SINGLE_BODY_BYTES) + ", not " + putThreshold);
        }
        if (block.bytes() < 1 || block.bytes() > BlobStore.MAX_BLOCK_BYTES) {
            throw new IllegalArgumentException(
                    "a block has 1B to " + new ByteSize(BlobStore.MAX_BLOCK_BYTES) + ", not " + block);
        }
        if (blocksInFlight < 1 || blocksInFlight > MOST_IN_FLIGHT) {
            throw new IllegalArgumentException("1 to " + MOST_IN_FLIGHT + " blocks in flight, not " + blocksInFlight);
        }
        if (!requestLimit.isPositive()) {
            throw new IllegalArgumentException("a request needs time, not " + requestLimit);
        }
    }
}
