package io.forebay.fs;

/** One thing that an application, another client of the container, or time does to a tree. */
sealed interface TreeOperation {
    record Create(int slot, String path, OpenMode mode) implements TreeOperation {}

    record Open(int slot, String path, OpenMode mode) implements TreeOperation {}

    record Write(int slot, long offset, int length, byte fill) implements TreeOperation {}

    record Read(int slot, long offset, int length) implements TreeOperation {}

    record Copy(int from, long fromOffset, int to, long toOffset, int length) implements TreeOperation {}

    record Fsync(int slot) implements TreeOperation {}

    record Close(int slot) implements TreeOperation {}

    record Unlink(String path) implements TreeOperation {}

    record Mkdir(String path, int permissions) implements TreeOperation {}

    record Rmdir(String path) implements TreeOperation {}

    record Rename(String from, String to, RenameMode mode) implements TreeOperation {}

    record Symlink(String target, String path) implements TreeOperation {}

    record Readlink(String path) implements TreeOperation {}

    record Truncate(String path, long sizeBytes) implements TreeOperation {}

    record Chmod(String path, int permissions) implements TreeOperation {}

    record Chown(String path, int uid) implements TreeOperation {}

    record Utimens(String path, long modifyNanos) implements TreeOperation {}

    record Stat(String path) implements TreeOperation {}

    record ListNames(String path) implements TreeOperation {}

    record ReadAll(String path) implements TreeOperation {}

    /** Compares everything that can be seen. */
    record CompareAll() implements TreeOperation {}

    /** Time passes until nothing is believed any more without asking. */
    record Expire() implements TreeOperation {}

    /** Another client writes a blob, and the mount has had the time to notice. */
    record RemotePut(String path, int length, byte fill) implements TreeOperation {}

    /** Another client deletes a blob, be it a file, a symlink or the marker of a directory. */
    record RemoteDelete(String path) implements TreeOperation {}

    /** Everything is closed and committed, and another mount goes on. */
    record Remount() implements TreeOperation {}
}
