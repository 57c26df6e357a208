package io.forebay.blob;

import java.time.Instant;

/**
 * What a store knows of one version of a blob.
 *
 * @param name the blob's name within its container
 * @param etag the version
 * @param lengthBytes its length
 * @param lastModified when the version was made, to the second on Azure
 * @param headers the content type and metadata that came with it
 */
public record BlobProperties(String name, Etag etag, long lengthBytes, Instant lastModified, BlobHeaders headers) {
    public Metadata metadata() {
        return headers.metadata();
    }
}
