package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A content while it is frozen, read straight from its file. It refuses to be read once the freeze has ended. */
final class FrozenImage implements ContentImage {
    private final SparseFile file;
    private final long sizeBytes;
    private volatile boolean thawed;

    FrozenImage(SparseFile file, long sizeBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /** Says that the bytes may change from now on. */
    void thaw() {
        thawed = true;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public BlobBody body(long offset, long length) {
        if (offset < 0 || length < 0 || length > sizeBytes - offset) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of " + sizeBytes);
        }
        return new BlobBody() {
            @Override
            public long lengthBytes() {
                return length;
            }

            @Override
            public InputStream open() {
                return new Region(offset, offset + length);
            }
        };
    }

    private final class Region extends InputStream {
        private final long end;
        private long at;

        Region(long start, long end) {
            this.at = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (thawed) {
                throw new ForebayException.BadHandle("this image of the content is out of date");
            }
            int count = (int) Math.min(length, end - at);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            file.read(at, ByteBuffer.wrap(target, offset, count));
            at += count;
            return count;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }
}
