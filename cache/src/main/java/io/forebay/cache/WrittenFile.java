package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.io.InputStream;

/** The file of a content that is being written. */
record WrittenFile(SparseFile file, FileSpace space) implements GrowingContent {
    @Override
    public long sizeBytes() throws ForebayException {
        return file.length();
    }

    @Override
    public long firstHole(long from) throws ForebayException {
        return Math.min(file.length(), space.nextHole(file.path(), from));
    }

    @Override
    public Piece piece(long offset, long length) {
        return new FilePiece(file, offset, length);
    }

    private static final class FilePiece implements Piece {
        private final SparseFile file;
        private final long offset;
        private final long length;
        private PageSum.Collector sent;

        FilePiece(SparseFile file, long offset, long length) {
            this.file = file;
            this.offset = offset;
            this.length = length;
            this.sent = new PageSum.Collector(offset, length);
        }

        @Override
        public long lengthBytes() {
            return length;
        }

        @Override
        public int[] checksums() {
            return sent.sums();
        }

        /** By way of memory: a page that the kernel sends by itself may change after its checksum, and change back. */
        @Override
        public InputStream open() {
            sent = new PageSum.Collector(offset, length);
            PageSums sums = new PageSums(offset, offset + length, sent);
            return new SummedBytes(file, offset, offset + length, sums, () -> {}, /* byReference= */ false);
        }
    }
}
