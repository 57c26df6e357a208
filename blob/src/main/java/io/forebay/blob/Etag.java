package io.forebay.blob;

/**
 * The name of one version of a blob: equal etags mean equal bytes and metadata.
 *
 * @param value opaque, without quotes
 */
public record Etag(String value) {
    public Etag {
        if (value.isEmpty() || value.indexOf('"') >= 0) {
            throw new IllegalArgumentException("not an etag: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
