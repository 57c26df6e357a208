package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;

/** A file that somebody is writing, seen from the side. What is read may be changed a moment later. */
public interface GrowingContent {
    /** Up to where all has been written at least once, as far as the disk can tell. */
    long writtenBytes() throws ForebayException;

    /** The {@code length} bytes from {@code offset} on, both of whole pages. */
    Piece piece(long offset, long length);

    /** Some bytes, to be sent once more or less as they are. */
    interface Piece extends BlobBody {
        /** The checksums of the pages as they were sent when it was {@linkplain #open opened} last and read to its end. */
        int[] checksums();
    }
}
