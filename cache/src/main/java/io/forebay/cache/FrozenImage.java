package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.FileBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A content while it is frozen, read straight from its file. It refuses to be read once the freeze has ended. */
final class FrozenImage implements ContentImage {
    private final SparseFile file;
    private final long sizeBytes;
    private final PageSum.Keeper keeper;
    private final Missing missing;
    private final @Nullable BlobVersion base;
    private volatile boolean thawed;

    /** What the content knows of its pages. */
    interface Missing {
        boolean isAsBefore(long offset, long length);

        boolean isPresent(long offset, long length);

        void bring(long offset, long length) throws ForebayException;
    }

    /**
     * @param keeper is given the checksums of the pages that somebody reads
     * @param base the version that unchanged pages are of, if there is one and it is known which those are
     */
    FrozenImage(SparseFile file, long sizeBytes, PageSum.Keeper keeper, @Nullable BlobVersion base, Missing missing) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.keeper = keeper;
        this.base = base;
        this.missing = missing;
    }

    @Override
    public Optional<BlobVersion> base() {
        return Optional.ofNullable(base);
    }

    @Override
    public boolean isAsBefore(long offset, long length) {
        return base != null && offset + length <= base.lengthBytes() && missing.isAsBefore(offset, length);
    }

    @Override
    public void bring(long offset, long length) throws ForebayException {
        missing.bring(offset, length);
    }

    @Override
    public int[] checksums(long offset, long length) throws ForebayException {
        checkFrozen();
        PageSum.Collector collector = new PageSum.Collector(offset, length);
        PageSums sums = new PageSums(offset, sizeBytes, (first, some) -> {
            collector.keep(first, some);
            keeper.keep(first, some);
        });
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(Region.SENT_BYTES, length));
        for (long at = offset; at < offset + length; at += bytes.limit()) {
            file.read(at, bytes.clear().limit((int) Math.min(bytes.capacity(), offset + length - at)));
            sums.add(bytes.flip());
        }
        sums.flush();
        return collector.sums();
    }

    private void checkFrozen() throws ForebayException {
        if (thawed) {
            throw new ForebayException.BadHandle("this image of the content is out of date");
        }
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
                if (!missing.isPresent(offset, length)) {
                    throw new IllegalStateException("bytes are sent that are not here: " + length + " at " + offset);
                }
                return new Region(offset, offset + length);
            }
        };
    }

    private final class Region extends InputStream implements FileBytes {
        /** What goes at a time, first through the checksum and then to the channel: it stays in the processor's cache. */
        private static final int SENT_BYTES = 256 << 10;

        private static final int WRITTEN_BYTES = 16 << 10;

        private final long end;
        private long at;
        private final PageSums sums;
        private @Nullable ByteBuffer looked;

        Region(long start, long end) {
            this.at = start;
            this.end = end;
            this.sums = new PageSums(start, sizeBytes, keeper);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            checkFrozen();
            int count = (int) Math.min(length, end - at);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            file.read(at, ByteBuffer.wrap(target, offset, count));
            at += count;
            sums.add(target, offset, count);
            if (at == end) {
                sums.flush();
            }
            return count;
        }

        /** Local failures come up while the checksum is made; what fails after that is the other side's. */
        @Override
        public int sendTo(WritableByteChannel target) throws IOException {
            checkFrozen();
            int count = (int) Math.min(SENT_BYTES, end - at);
            if (count == 0) {
                return 0;
            }
            ByteBuffer bytes = looked;
            if (bytes == null) {
                bytes = ByteBuffer.allocateDirect((int) Math.min(SENT_BYTES, end - at));
                looked = bytes;
            }
            file.read(at, bytes.clear().limit(count));
            sums.add(bytes.flip());
            for (int sent = 0; sent < count; ) {
                int taken = file.sendTo(at + sent, count - sent, target);
                // A socket of a virtual thread does not wait in the kernel; it does in a write of its own.
                sent += taken > 0 ? taken : target.write(bytes.slice(sent, Math.min(WRITTEN_BYTES, count - sent)));
            }
            at += count;
            if (at == end) {
                sums.flush();
            }
            return count;
        }

        @Override
        public void close() {
            sums.flush();
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }
}
