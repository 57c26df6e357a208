package io.forebay.blob;

/**
 * A run of bytes.
 *
 * @param offset of its first byte, zero or more
 * @param length in bytes, one or more
 */
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException("not a range: offset " + offset + ", length " + length);
        }
    }

    /** The offset of the first byte behind it. */
    public long end() {
        return offset + length;
    }
}
