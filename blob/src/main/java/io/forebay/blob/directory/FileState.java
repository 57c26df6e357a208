package io.forebay.blob.directory;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What one look at a path showed, links not followed.
 *
 * @param kind what stands there
 * @param inode its number within its file system
 * @param sizeBytes its length
 * @param modifiedNanos when its bytes were last written, in nanoseconds since 1970
 * @param changedNanos when anything of it last changed, its name and attributes included
 */
record FileState(Kind kind, long inode, long sizeBytes, long modifiedNanos, long changedNanos) {
    enum Kind {
        FILE,
        FOLDER,
        /** A symbolic link, a socket, a device: nothing that a blob or a prefix could be. */
        OTHER
    }

    private static final String ATTRIBUTES = "unix:ino,size,lastModifiedTime,ctime,isRegularFile,isDirectory";

    /** The state of what is at {@code path}; empty if nothing is. */
    static Optional<FileState> of(Path path) throws IOException {
        try {
            return Optional.of(of(Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (FileSystemException failure) {
            // Java has no exception of its own for a path that leads through a file.
            if (!Files.isDirectory(path.resolveSibling("."))) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static FileState of(Map<String, Object> attributes) {
        Kind kind = Boolean.TRUE.equals(attributes.get("isRegularFile"))
                ? Kind.FILE
                : Boolean.TRUE.equals(attributes.get("isDirectory")) ? Kind.FOLDER : Kind.OTHER;
        return new FileState(
                kind,
                number(attributes, "ino"),
                number(attributes, "size"),
                nanos(attributes, "lastModifiedTime"),
                nanos(attributes, "ctime"));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static long nanos(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    /** Whether the bytes are those of {@code earlier}, as far as the file system's clock can tell. */
    boolean sameBytesAs(FileState earlier) {
        return inode == earlier.inode && sizeBytes == earlier.sizeBytes && modifiedNanos == earlier.modifiedNanos;
    }
}
