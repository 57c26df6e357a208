package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.FileRegion;

/**
 * Shows the bytes that a read asks for where they lie, instead of copying them, so that a door can move them from file to
 * file. A file system may implement it beside its {@link FileSystemOperations}.
 */
@FunctionalInterface
public interface FileRegions {
    /** Shows nothing. */
    FileRegions NONE = (handle, offset, lengthBytes, reader) -> false;

    /**
     * Does what {@link FileSystemOperations#read} would do, if all that it would read is there.
     *
     * @param reader gets fewer than {@code lengthBytes} only at the end of the file; called at most once
     * @return false, with nothing done, where bytes are missing or there are none: then read
     */
    boolean readInPlace(long handle, long offset, int lengthBytes, FileRegion.Reader reader) throws ForebayException;
}
