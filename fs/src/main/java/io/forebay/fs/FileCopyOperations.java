package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.OptionalInt;

/**
 * Copies between open files: copy_file_range(2). A file system that can do better than to move the bytes through a program
 * may implement it beside its {@link FileSystemOperations}.
 */
public interface FileCopyOperations {
    /** Leaves it to the kernel. */
    FileCopyOperations NONE = (from, fromOffset, to, toOffset, lengthBytes) -> OptionalInt.empty();

    /**
     * Copies bytes of a file that is open for reading into one that is open for writing.
     *
     * @return how many: fewer than {@code lengthBytes} where the source ends, or where the rest is better asked for again;
     *     empty, with nothing done, if the kernel does as well by itself
     */
    OptionalInt copyRange(long from, long fromOffset, long to, long toOffset, long lengthBytes) throws ForebayException;
}
