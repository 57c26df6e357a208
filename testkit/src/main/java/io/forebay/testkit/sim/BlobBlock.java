package io.forebay.testkit.sim;

/**
 * A block that is staged or committed.
 *
 * @param id as the client wrote it, base64
 */
record BlobBlock(String id, Content content) {}
