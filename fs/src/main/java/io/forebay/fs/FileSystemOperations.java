package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.nio.ByteBuffer;

/**
 * A file system as a kernel asks for it: by inode number and handle, never by path.
 *
 * <p><b>Lookup counts.</b> {@link #lookup}, {@link #create}, {@link #mkdir}, {@link #mknod} and {@link #symlink} raise the
 * lookup count of the inode that they return by one; {@link #forget} lowers it. An inode number stays valid while its count is above
 * zero or a handle of it is open. {@link #ROOT} is always valid.
 *
 * <p><b>Handles</b> come from {@link #open}, {@link #create} and {@link #opendir}, and stay valid until they are
 * released, even when their file was unlinked meanwhile.
 *
 * <p><b>Threads.</b> Every method may be called by many threads at once, and may wait for the store within the
 * configured deadline.
 *
 * <p><b>Errors</b> are {@link ForebayException}; an inode number or handle that is not valid is
 * {@link ForebayException.BadHandle}. Unless a method says more, a failure means that the tree is as it was.
 */
public interface FileSystemOperations {
    /** The inode number of the root directory. */
    long ROOT = 1;

    /**
     * Finds {@code name} in a directory, and raises the inode's lookup count.
     *
     * @throws ForebayException.NotFound if there is no such entry
     */
    Attributes lookup(long parent, String name) throws ForebayException;

    /** Lowers the lookup count of an inode by {@code lookups}. */
    void forget(long inode, long lookups);

    Attributes getattr(long inode) throws ForebayException;

    /** Changes attributes; a new size changes the content as {@code truncate} does. */
    Attributes setattr(long inode, AttributeChange change) throws ForebayException;

    /** The target of a symlink, as it was written. */
    String readlink(long inode) throws ForebayException;

    Attributes symlink(long parent, String name, String target, Caller caller) throws ForebayException;

    /** @param permissions the low 12 bits of the mode, the caller's umask already applied */
    Attributes mkdir(long parent, String name, int permissions, Caller caller) throws ForebayException;

    /**
     * Makes a FIFO or a socket. The kernel serves those who meet there; another node sees the name, and meets nobody.
     *
     * @param permissions the low 12 bits of the mode, the caller's umask already applied
     */
    Attributes mknod(long parent, String name, FileKind kind, int permissions, Caller caller) throws ForebayException;

    /**
     * Creates a file and opens it.
     *
     * @param permissions the low 12 bits of the mode, the caller's umask already applied
     * @throws ForebayException.AlreadyExists if there is an entry of that name
     */
    CreatedFile create(long parent, String name, int permissions, OpenMode mode, Caller caller) throws ForebayException;

    /** Removes a file or symlink. Its content stays readable through open handles until the last is released. */
    void unlink(long parent, String name) throws ForebayException;

    /** @throws ForebayException.NotEmpty if the directory has entries */
    void rmdir(long parent, String name) throws ForebayException;

    /**
     * Moves an entry. A failure before everything is copied leaves the tree as it was. One that comes later, while what
     * was copied is deleted, leaves the entry whole under its new name, and what could not be deleted under the old one.
     */
    void rename(long parent, String name, long newParent, String newName, RenameMode mode) throws ForebayException;

    /** Opens a file and pins its version: the handle reads that version or its own changes, never another. */
    long open(long inode, OpenMode mode) throws ForebayException;

    /**
     * Reads from {@code offset} on into {@code target}.
     *
     * @return bytes read; fewer than asked for only at the end of the file
     */
    int read(long handle, long offset, ByteBuffer target) throws ForebayException;

    /** Writes all of {@code source} at {@code offset}, or at the end for a handle in append mode. */
    int write(long handle, long offset, ByteBuffer source) throws ForebayException;

    /** Called for each close(2) of the handle: makes what was written durable as the policy says. */
    void flush(long handle) throws ForebayException;

    /** Makes what was written durable. */
    void fsync(long handle) throws ForebayException;

    /** The last close of a handle. What could not be written by then was reported by {@link #flush}. */
    void release(long handle);

    long opendir(long inode) throws ForebayException;

    /** Hands entries to {@code sink} from {@code cookie} on (0: the start, listed anew) until it takes no more. */
    void readdir(long handle, long cookie, DirectorySink sink) throws ForebayException;

    /**
     * {@link #readdir} and {@link #lookup} in one: entries of which all is known are handed over by
     * {@link DirectorySink#acceptFound}, others as {@link #readdir} does.
     */
    void readdirplus(long handle, long cookie, DirectorySink sink) throws ForebayException;

    /** Makes durable which names the directory has, as {@link #fsync} does with bytes. */
    void fsyncdir(long inode) throws ForebayException;

    void releasedir(long handle);

    SpaceStatistics statfs() throws ForebayException;
}
