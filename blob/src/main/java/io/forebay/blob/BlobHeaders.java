package io.forebay.blob;

/**
 * What travels with a blob beside its bytes.
 *
 * @param content what HTTP tells of the bytes
 * @param metadata the user's name-value pairs
 * @param labels what the account has put on it
 */
public record BlobHeaders(ContentHeaders content, Metadata metadata, BlobLabels labels) {
    public static final String OCTET_STREAM = "application/octet-stream";

    /** No metadata, and the content type that Azure gives to a blob without one. */
    public static final BlobHeaders NONE = of(Metadata.EMPTY);

    public BlobHeaders(String contentType, Metadata metadata) {
        this(ContentHeaders.ofType(contentType), metadata, BlobLabels.NONE);
    }

    public static BlobHeaders of(Metadata metadata) {
        return new BlobHeaders(ContentHeaders.NONE, metadata, BlobLabels.NONE);
    }

    public String contentType() {
        return content.type();
    }

    public BlobHeaders withMetadata(Metadata changed) {
        return new BlobHeaders(content, changed, labels);
    }

    public BlobHeaders withLabels(BlobLabels changed) {
        return new BlobHeaders(content, metadata, changed);
    }

    /** Whether both say the same of a version; labels can change without one. */
    public boolean describeSame(BlobHeaders other) {
        return content.equals(other.content) && metadata.equals(other.metadata);
    }
}
