package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobStore;

/**
 * How content is cut into blocks: all of the same length but the last.
 *
 * @param sizeBytes of the content, one or more
 * @param blockBytes of each block
 */
record BlockPlan(long sizeBytes, long blockBytes) {
    private static final long MEBIBYTE = 1L << 20;

    /**
     * Blocks of the preferred size, or of the least number of whole mebibytes with which {@link BlobStore#MAX_BLOCKS}
     * suffice.
     *
     * @throws ForebayException.TooLarge for more than {@link BlobStore#MAX_BLOB_BYTES}
     */
    static BlockPlan of(long sizeBytes, long preferredBytes) throws ForebayException {
        return of(sizeBytes, preferredBytes, BlobStore.MAX_BLOCKS);
    }

    /** {@link #of(long, long)} with fewer blocks than a blob may have. */
    static BlockPlan of(long sizeBytes, long preferredBytes, int mostBlocks) throws ForebayException {
        if (sizeBytes > BlobStore.MAX_BLOB_BYTES) {
            throw new ForebayException.TooLarge(
                    "a blob has at most " + BlobStore.MAX_BLOB_BYTES + " bytes, not " + sizeBytes);
        }
        long needed = Math.ceilDiv(sizeBytes, mostBlocks);
        boolean suffices = needed <= preferredBytes;
        return new BlockPlan(sizeBytes, suffices ? preferredBytes : Math.ceilDiv(needed, MEBIBYTE) * MEBIBYTE);
    }

    int count() {
        return Math.toIntExact(Math.ceilDiv(sizeBytes, blockBytes));
    }

    long offset(int index) {
        return index * blockBytes;
    }

    long length(int index) {
        return Math.min(blockBytes, sizeBytes - offset(index));
    }
}
