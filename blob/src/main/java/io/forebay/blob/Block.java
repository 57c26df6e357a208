package io.forebay.blob;

/**
 * A block of a committed blob.
 *
 * @param id its id
 * @param lengthBytes its length
 */
public record Block(BlockId id, long lengthBytes) {}
