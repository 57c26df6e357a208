package io.forebay.fs;

/**
 * Says which calls of a {@link FileSystemOperations} would be answered from memory and local disk, without waiting for
 * the store. A file system may implement it beside its operations; a door then makes such calls on the thread that
 * received the request, and saves a change of threads.
 *
 * <p>Each answer is a guess that must be cheap, takes no lock that is held over I/O, and may be outdated at once: a
 * call that waits after all is slower, not wrong. An inode or handle that is not valid is local, since refusing it is.
 */
public interface LocalAnswers {
    /** Knows of nothing local. */
    LocalAnswers NONE = new LocalAnswers() {};

    default boolean lookupIsLocal(long parent, String name) {
        return false;
    }

    default boolean getattrIsLocal(long inode) {
        return false;
    }

    /** Whether {@link FileSystemOperations#open} is. */
    default boolean openIsLocal(long inode, OpenMode mode) {
        return false;
    }

    default boolean readIsLocal(long handle, long offset, int lengthBytes) {
        return false;
    }

    default boolean writeIsLocal(long handle, long offset, int lengthBytes) {
        return false;
    }

    /** Whether {@link FileSystemOperations#opendir} is. */
    default boolean opendirIsLocal(long inode) {
        return false;
    }

    default boolean readdirIsLocal(long handle) {
        return false;
    }

    /** Whether {@link FileSystemOperations#flush} has nothing to do. */
    default boolean flushIsLocal(long handle) {
        return false;
    }

    /** Whether {@link FileSystemOperations#release} has nothing to do but forget the handle. */
    default boolean releaseIsLocal(long handle) {
        return false;
    }
}
