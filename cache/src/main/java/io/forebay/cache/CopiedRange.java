package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that were copied into a content from a version in the store, with the checksums that their pages had then. They may
 * have been changed since.
 */
public final class CopiedRange {
    private final long offset;
    private final long lengthBytes;
    private final BlobVersion source;
    private final long sourceOffset;
    private final int[] checksums;

    private CopiedRange(long offset, long lengthBytes, BlobVersion source, long sourceOffset, int[] checksums) {
        this.offset = offset;
        this.lengthBytes = lengthBytes;
        this.source = source;
        this.sourceOffset = sourceOffset;
        this.checksums = checksums;
    }

    /**
     * @param offset where {@code bytes} are to be; where a page begins
     * @param sourceOffset where they are in {@code source}
     */
    static CopiedRange of(long offset, ByteBuffer bytes, BlobVersion source, long sourceOffset) {
        int length = bytes.remaining();
        PageSum.Collector collector = new PageSum.Collector(offset, length);
        PageSums sums = new PageSums(offset, offset + length, collector);
        sums.add(bytes.duplicate());
        sums.flush();
        return new CopiedRange(offset, length, source, sourceOffset, collector.sums());
    }

    long offset() {
        return offset;
    }

    long lengthBytes() {
        return lengthBytes;
    }

    long end() {
        return offset + lengthBytes;
    }

    /** The blob that has the bytes too. */
    BlobVersion source() {
        return source;
    }

    long sourceOffset() {
        return sourceOffset;
    }

    boolean overlaps(CopiedRange other) {
        return offset < other.end() && other.offset < end();
    }

    /** Whether {@code next} goes on where this ends, here and in the source. */
    boolean isFollowedBy(CopiedRange next) {
        return end() == next.offset
                && end() % PageMap.PAGE_BYTES == 0
                && source.equals(next.source)
                && sourceOffset + lengthBytes == next.sourceOffset;
    }

    CopiedRange with(CopiedRange next) {
        int[] all = Arrays.copyOf(checksums, checksums.length + next.checksums.length);
        System.arraycopy(next.checksums, 0, all, checksums.length, next.checksums.length);
        return new CopiedRange(offset, lengthBytes + next.lengthBytes, source, sourceOffset, all);
    }

    /** Whether {@code image} has the same bytes there. */
    boolean isSameIn(ContentImage image) throws ForebayException {
        return end() <= image.sizeBytes() && Arrays.equals(checksums, image.checksums(offset, lengthBytes));
    }
}
