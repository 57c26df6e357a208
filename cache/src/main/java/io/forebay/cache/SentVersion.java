package io.forebay.cache;

import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;

/**
 * What a request makes of a blob, if it takes effect.
 *
 * @param headers what travels with it
 * @param lengthBytes of the blob
 */
public record SentVersion(BlobHeaders headers, long lengthBytes) {
    /** Whether {@code blob} is that: the time of the last change, in its metadata, is as good as a number of the version. */
    public boolean became(BlobProperties blob) {
        return blob.lengthBytes() == lengthBytes && blob.headers().describeSame(headers);
    }
}
