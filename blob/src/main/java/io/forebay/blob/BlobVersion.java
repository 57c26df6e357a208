package io.forebay.blob;

/**
 * One immutable version of one blob: what a cache keys on, so that a wrong or late answer is a miss and never wrong
 * bytes.
 *
 * @param container the container, as {@link BlobStore#displayName()} gives it
 * @param name the blob's name within it
 * @param etag which version
 * @param lengthBytes how long that version is
 */
public record BlobVersion(String container, String name, Etag etag, long lengthBytes) {}
