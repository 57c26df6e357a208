package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names the local file that holds the whole content of an open handle, every byte at its own offset, so that the kernel
 * can read and write it without asking. A file system may implement it beside its {@link FileSystemOperations}.
 *
 * <p>Once a file was named, and until every handle of its inode that was open meanwhile is released: the file stays
 * whole, keeps its path at least until the next call for that inode, and is not replaced by another; changes of the
 * size go to it; its length and times are what {@link FileSystemOperations#getattr} answers; and writes to it happen
 * that nobody announces. The file system itself has it open for writing only within a call. A different version of the
 * same name that is opened meanwhile needs an inode of its own, or no handle: one inode has one content for the kernel.
 */
public interface BackingFiles {
    /** Has none. */
    BackingFiles NONE = new BackingFiles() {
        @Override
        public Optional<Path> backingFile(long handle) {
            return Optional.empty();
        }

        @Override
        public void notTaken(long handle) {}
    };

    /**
     * The file behind {@code handle}; empty where content is missing, or where the file system must see the calls.
     *
     * @throws ForebayException.BadHandle if it is not open
     */
    Optional<Path> backingFile(long handle) throws ForebayException;

    /**
     * Whether the pages of {@code handle} should rather be handed to the kernel, for it to keep, than the file be named, if
     * nobody else has the inode open: naming it costs a small file more each time than it saves.
     */
    default boolean isBetterServed(long handle) {
        return false;
    }

    /** Whether the pages that the kernel has kept of the inode, from former handles, are what {@code handle} reads. */
    default boolean keepsPages(long handle) {
        return false;
    }

    /** The file that was named for {@code handle} is not used after all, nor is it for any other handle of its inode. */
    void notTaken(long handle) throws ForebayException;
}
