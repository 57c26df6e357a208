package io.forebay.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes to be sent. They can be opened as often as an upload is tried, and are the same each time. */
public interface BlobBody {
    /** How many bytes {@link #open} gives, exactly. */
    long lengthBytes();

    /** A new stream over all the bytes; the caller closes it. */
    InputStream open() throws IOException;

    static BlobBody of(byte[] bytes) {
        byte[] own = bytes.clone();
        return new BlobBody() {
            @Override
            public long lengthBytes() {
                return own.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(own);
            }
        };
    }
}
