package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobVersion;
import java.util.List;
import java.util.Optional;

/** Content that holds still while it is sent. */
public interface ContentImage {
    long sizeBytes();

    /** The {@code length} bytes from {@code offset} on; {@code length} may be 0. They must be {@linkplain #bring here}. */
    BlobBody body(long offset, long length);

    /**
     * The checksums of the pages in this range, made from the bytes that are there now.
     *
     * @param offset where a page begins
     * @param length of whole pages, but for the last one of the content
     */
    int[] checksums(long offset, long length) throws ForebayException;

    /** The version that parts of it may be the same as; empty if that is known of none. */
    Optional<BlobVersion> base();

    /** Whether these bytes are known to be those of {@link #base}. */
    boolean isAsBefore(long offset, long length);

    /** What was copied from versions in the store, and may have been changed since; no two of them overlap. */
    List<CopiedRange> copied();

    /** Fetches what is missing of these bytes. Whoever has a turn at the store does not call it, since it asks for another. */
    void bring(long offset, long length) throws ForebayException;
}
