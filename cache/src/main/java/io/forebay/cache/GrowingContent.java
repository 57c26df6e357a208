package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;

/** A file that somebody is writing, seen from the side. What is read may be changed a moment later. */
public interface GrowingContent {
    /** How long it is now. */
    long sizeBytes() throws ForebayException;

    /**
     * Where the first hole at or behind {@code from} begins, at the latest at the end: before it all has been written at least
     * once, as far as the disk can tell.
     *
     * @param from within the file
     */
    long firstHole(long from) throws ForebayException;

    /** The {@code length} bytes from {@code offset} on, both of whole pages. */
    Piece piece(long offset, long length);

    /** Some bytes, to be sent once more or less as they are. */
    interface Piece extends BlobBody {
        /** The checksums of the pages as they were sent when it was {@linkplain #open opened} last and read to its end. */
        int[] checksums();
    }
}
