package io.forebay.fs.kernel;

import io.forebay.fs.AttributeChange;
import io.forebay.fs.Caller;
import io.forebay.fs.OpenMode;
import io.forebay.fs.RenameMode;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A request of the kernel, decoded and checked. The values are copies, except for the bytes of a {@link Write}. */
sealed interface Request {

    /** @param flags both words of them, the second in the upper half */
    record Init(int major, int minor, int maxReadaheadBytes, long flags) implements Request {}

    record Lookup(long parent, String name) implements Request {}

    record Forget(List<Forgotten> inodes) implements Request {}

    record Forgotten(long inode, long lookups) {}

    record Getattr(long inode) implements Request {}

    /**
     * @param accessNow whether the access time becomes the time of the request
     * @param modifyNow likewise
     */
    record Setattr(long inode, AttributeChange change, boolean accessNow, boolean modifyNow) implements Request {}

    /** @param roomBytes what the caller has room for; 0 asks for the length */
    record Getxattr(long inode, String name, int roomBytes) implements Request {}

    /** @param roomBytes likewise */
    record Listxattr(long inode, int roomBytes) implements Request {}

    /**
     * @param value in the request's own memory: gone once it is answered
     * @param flags of setxattr(2)
     */
    record Setxattr(long inode, String name, MemorySegment value, int flags) implements Request {}

    record Removexattr(long inode, String name) implements Request {}

    record Readlink(long inode) implements Request {}

    record Symlink(long parent, String name, String target, Caller caller) implements Request {}

    /** @param mode type and permissions, the umask applied */
    record Mknod(long parent, String name, int mode, Caller caller) implements Request {}

    record Mkdir(long parent, String name, int permissions, Caller caller) implements Request {}

    record Unlink(long parent, String name) implements Request {}

    record Rmdir(long parent, String name) implements Request {}

    record Rename(long parent, String name, long newParent, String newName, RenameMode mode) implements Request {}

    record Link(long inode, long newParent, String newName) implements Request {}

    record Open(long inode, OpenMode mode) implements Request {}

    record Create(long parent, String name, int permissions, OpenMode mode, Caller caller) implements Request {}

    record Read(long handle, long offset, int lengthBytes) implements Request {}

    /** @param data in the request's own memory: gone once it is answered */
    record Write(long handle, long offset, MemorySegment data) implements Request {}

    /** From one open file to another. */
    record CopyFileRange(long from, long fromOffset, long to, long toOffset, long lengthBytes) implements Request {}

    /** @param mode the flags of fallocate(2) */
    record Fallocate(long handle, int mode, long offset, long lengthBytes) implements Request {}

    /** @param whence of lseek(2), as it was given */
    record Lseek(long handle, long offset, int whence) implements Request {}

    record Flush(long handle) implements Request {}

    record Fsync(long handle) implements Request {}

    record Release(long handle) implements Request {}

    record Opendir(long inode) implements Request {}

    /** @param withAttributes whether it is READDIRPLUS */
    record Readdir(long inode, long handle, long cookie, int roomBytes, boolean withAttributes) implements Request {}

    record Releasedir(long handle) implements Request {}

    /** Directories are durable as soon as they are changed. */
    record Fsyncdir(long inode) implements Request {}

    record Statfs() implements Request {}

    /** @param target unique of the request that its caller no longer waits for */
    record Interrupt(long target) implements Request {}

    record Destroy() implements Request {}

    /** One that this door does not know or leaves to the kernel: it is not asked again. */
    record NotServed() implements Request {}

    /** One that breaks the protocol. */
    record Malformed(String reason) implements Request {}

    /** One whose name is not UTF-8: nothing can be called that, and nothing is. */
    record NameNotText() implements Request {}
}
