package io.forebay.blob;

/**
 * What travels with a blob beside its bytes.
 *
 * @param contentType as HTTP has it; Azure's own default is {@link #OCTET_STREAM}
 * @param metadata the user's name-value pairs
 */
public record BlobHeaders(String contentType, Metadata metadata) {
    public static final String OCTET_STREAM = "application/octet-stream";

    /** No metadata, and the content type that Azure gives to a blob without one. */
    public static final BlobHeaders NONE = new BlobHeaders(OCTET_STREAM, Metadata.EMPTY);

    public static BlobHeaders of(Metadata metadata) {
        return new BlobHeaders(OCTET_STREAM, metadata);
    }

    public BlobHeaders withMetadata(Metadata changed) {
        return new BlobHeaders(contentType, changed);
    }
}
