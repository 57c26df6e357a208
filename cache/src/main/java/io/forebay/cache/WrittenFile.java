package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.FileBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of a content that is being written.
 *
 * <p>Its bytes go by way of memory, unlike those of a {@link FrozenImage}: what is sent must be what the checksum is of, and
 * a page that the kernel sends by itself may change in between, and change back.
 */
record WrittenFile(SparseFile file, FileSpace space) implements GrowingContent {
    @Override
    public long writtenBytes() throws ForebayException {
        long length = file.length();
        return length == 0 ? 0 : Math.min(length, space.nextHole(file.path(), 0));
    }

    @Override
    public Piece piece(long offset, long length) {
        return new FilePiece(file, offset, length);
    }

    private static final class FilePiece implements Piece {
        /** What goes at a time; it stays in the processor's cache. */
        private static final int SENT_BYTES = 128 << 10;

        private final SparseFile file;
        private final long offset;
        private final long length;
        private int[] checksums = new int[0];

        FilePiece(SparseFile file, long offset, long length) {
            this.file = file;
            this.offset = offset;
            this.length = length;
        }

        @Override
        public long lengthBytes() {
            return length;
        }

        @Override
        public int[] checksums() {
            return checksums;
        }

        @Override
        public InputStream open() {
            PageSum.Collector collector = new PageSum.Collector(offset, length);
            return new Bytes(collector, new PageSums(offset, offset + length, collector));
        }

        private final class Bytes extends InputStream implements FileBytes {
            private final PageSum.Collector collector;
            private final PageSums sums;
            private long at = offset;
            private @Nullable ByteBuffer buffer;

            Bytes(PageSum.Collector collector, PageSums sums) {
                this.collector = collector;
                this.sums = sums;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int from, int most) throws IOException {
                Objects.checkFromIndexSize(from, most, target.length);
                int count = (int) Math.min(most, offset + length - at);
                if (count == 0) {
                    return most == 0 ? 0 : -1;
                }
                file.read(at, ByteBuffer.wrap(target, from, count));
                passed(ByteBuffer.wrap(target, from, count));
                return count;
            }

            @Override
            public int sendTo(WritableByteChannel target) throws IOException {
                int count = (int) Math.min(SENT_BYTES, offset + length - at);
                if (count == 0) {
                    return 0;
                }
                ByteBuffer bytes = buffer;
                if (bytes == null) {
                    bytes = ByteBuffer.allocateDirect(count);
                    buffer = bytes;
                }
                file.read(at, bytes.clear().limit(count));
                passed(bytes.flip().duplicate());
                while (bytes.hasRemaining()) {
                    target.write(bytes);
                }
                return count;
            }

            private void passed(ByteBuffer bytes) {
                at += bytes.remaining();
                sums.add(bytes);
                if (at == offset + length) {
                    sums.flush();
                    checksums = collector.sums();
                }
            }
        }
    }
}
