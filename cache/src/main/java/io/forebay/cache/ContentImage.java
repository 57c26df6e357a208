package io.forebay.cache;

import io.forebay.blob.BlobBody;

/** Content that holds still while it is sent. */
public interface ContentImage {
    long sizeBytes();

    /** The {@code length} bytes from {@code offset} on; {@code length} may be 0. */
    BlobBody body(long offset, long length);
}
