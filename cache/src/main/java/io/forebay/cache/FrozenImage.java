package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobVersion;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
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

        List<CopiedRange> copied();

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
    public List<CopiedRange> copied() {
        return missing.copied();
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
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(SummedBytes.PIECE_BYTES, length));
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
                PageSums sums = new PageSums(offset, sizeBytes, keeper);
                return new SummedBytes(
                        file, offset, offset + length, sums, FrozenImage.this::checkFrozen, /* byReference= */ true);
            }
        };
    }
}
