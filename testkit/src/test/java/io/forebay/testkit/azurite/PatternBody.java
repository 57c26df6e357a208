package io.forebay.testkit.azurite;

import io.forebay.blob.BlobBody;
import java.io.InputStream;

/**
 * Bytes that are made as they are read, and of which no two pieces are the same.
 *
 * @param lengthBytes how many
 * @param seed which ones
 */
record PatternBody(long lengthBytes, int seed) implements BlobBody {
    @Override
    public InputStream open() {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                return at == lengthBytes ? -1 : value(at++) & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (at == lengthBytes && length > 0) {
                    return -1;
                }
                int count = (int) Math.min(length, lengthBytes - at);
                for (int index = 0; index < count; index++) {
                    into[offset + index] = value(at++);
                }
                return count;
            }
        };
    }

    private byte value(long position) {
        return (byte) ((position ^ (position >>> 9) ^ (position >>> 17)) + seed * 31L);
    }
}
