package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.OptionalLong;

/**
 * What programs ask about the room that open files take: fallocate(2), and lseek(2) to data and holes. A file system may
 * implement it beside its {@link FileSystemOperations}.
 */
public interface FileSpaceOperations {
    /** Knows nothing of it. */
    FileSpaceOperations NONE = new FileSpaceOperations() {
        @Override
        public void allocate(long handle, Allocation allocation, long offset, long lengthBytes)
                throws ForebayException {
            throw new ForebayException.Unsupported("this file system allocates nothing");
        }

        @Override
        public OptionalLong seek(long handle, SeekTarget target, long offset) throws ForebayException {
            throw new ForebayException.Unsupported("this file system knows of no holes");
        }
    };

    /** What becomes of a range. */
    enum Allocation {
        /** There is room for it, and the file reaches to its end. */
        EXTEND,
        /** There is room for it, even behind the end of the file. */
        RESERVE,
        /** It reads as zeros and takes no room; the file keeps its length. */
        PUNCH,
        /** It reads as zeros, and the file reaches to its end. */
        ZERO,
        /** It reads as zeros as far as the file goes. */
        ZERO_WITHIN;

        boolean zeroes() {
            return this == PUNCH || this == ZERO || this == ZERO_WITHIN;
        }

        boolean grows() {
            return this == EXTEND || this == ZERO;
        }
    }

    /** What is looked for. */
    enum SeekTarget {
        DATA,
        HOLE
    }

    /**
     * Changes how a range of a file that is open for writing is kept.
     *
     * @param lengthBytes more than zero
     * @throws ForebayException.NoSpace if the local disk has no room for it
     */
    void allocate(long handle, Allocation allocation, long offset, long lengthBytes) throws ForebayException;

    /**
     * Where the next data or hole at or behind {@code offset} begins; the end of the file is a hole. What is only in the
     * store is data, and so is everything of a file that may be changed through a mapping which we do not see.
     *
     * @return empty if there is none, or if the file ends before {@code offset}
     */
    OptionalLong seek(long handle, SeekTarget target, long offset) throws ForebayException;
}
