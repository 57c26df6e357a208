package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What only the operating system can do with the space that a local file takes on its disk. The cache says when; whoever
 * may make system calls says how.
 */
public interface FileSpace {
    /** Does without: room is taken as it is written to, and all of a file is data. */
    FileSpace PLAIN = new FileSpace() {
        @Override
        public void reserve(Path file, long offset, long lengthBytes) {}

        @Override
        public boolean punch(Path file, long offset, long lengthBytes) {
            return false;
        }

        @Override
        public OptionalLong nextData(Path file, long offset) {
            return OptionalLong.of(offset);
        }

        @Override
        public long nextHole(Path file, long offset) {
            return Long.MAX_VALUE;
        }
    };

    /**
     * Takes room for a range, where the file system can; neither the length of the file nor a byte of it changes.
     *
     * @throws ForebayException.NoSpace if there is none; a part of it may have been taken
     */
    void reserve(Path file, long offset, long lengthBytes) throws ForebayException;

    /**
     * Makes a range a hole, which reads as zeros; the length of the file stays.
     *
     * @return false, with nothing done, if this file system cannot
     */
    boolean punch(Path file, long offset, long lengthBytes) throws ForebayException;

    /** Where the first data at or behind {@code offset} begins; empty if there is none. */
    OptionalLong nextData(Path file, long offset) throws ForebayException;

    /** Where the first hole at or behind {@code offset} begins; at the latest at the end of the file. */
    long nextHole(Path file, long offset) throws ForebayException;
}
