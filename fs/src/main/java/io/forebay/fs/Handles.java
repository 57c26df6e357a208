package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is open, by the number that the kernel was given for it. */
final class Handles {
    /** One open file or directory; its inode is pinned once for it. */
    sealed interface Handle {
        Inode inode();
    }

    /**
     * An open file.
     *
     * @param pages what it says of pages that are kept
     */
    record FileHandle(Inode inode, SharedContent content, OpenMode mode, KeptPages.Seen pages) implements Handle {}

    record DirectoryHandle(Inode inode, DirectoryListing listing) implements Handle {}

    private final ConcurrentHashMap<Long, Handle> open = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong(1);

    long add(Handle handle) {
        long number = next.getAndIncrement();
        open.put(number, handle);
        return number;
    }

    FileHandle file(long number) throws ForebayException {
        if (open.get(number) instanceof FileHandle file) {
            return file;
        }
        throw new ForebayException.BadHandle("there is no open file " + number);
    }

    /** Null if it is no file that is open. */
    @Nullable
    FileHandle peekFile(long number) {
        return open.get(number) instanceof FileHandle file ? file : null;
    }

    /** Null if it is no directory that is open. */
    @Nullable
    DirectoryHandle peekDirectory(long number) {
        return open.get(number) instanceof DirectoryHandle directory ? directory : null;
    }

    DirectoryHandle directory(long number) throws ForebayException {
        if (open.get(number) instanceof DirectoryHandle directory) {
            return directory;
        }
        throw new ForebayException.BadHandle("there is no open directory " + number);
    }

    Handle remove(long number) throws ForebayException {
        Handle handle = open.remove(number);
        if (handle == null) {
            throw new ForebayException.BadHandle("there is no open handle " + number);
        }
        return handle;
    }
}
