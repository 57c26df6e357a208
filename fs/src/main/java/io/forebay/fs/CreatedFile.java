package io.forebay.fs;

/**
 * A file that was created and opened in one step.
 *
 * @param attributes of the new inode; its lookup count was raised by one
 * @param handle for reading, writing and {@link FileSystemOperations#release}
 */
public record CreatedFile(Attributes attributes, long handle) {}
