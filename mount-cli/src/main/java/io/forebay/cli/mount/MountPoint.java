package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder to mount on. */
public final class MountPoint {
    private MountPoint() {}

    /**
     * The path as the mount table has it: no symlinks. The last component is not followed if it cannot be, as with a
     * mount whose process died.
     */
    public static Path canonical(Path written) {
        Path absolute = written.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (IOException deadOrMissing) {
            return canonicalParent(absolute);
        }
    }

    private static Path canonicalParent(Path absolute) {
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return absolute;
        }
        try {
            return parent.toRealPath().resolve(name);
        } catch (IOException missing) {
            return absolute;
        }
    }

    /**
     * Succeeds if something can be mounted on {@code path}.
     *
     * @param nonempty whether it may have entries
     * @throws ForebayException with a sentence that says what stands in the way
     */
    public static void check(Path path, boolean nonempty, MountTable table) throws ForebayException {
        checkNotMounted(path, table);
        try {
            if (!Files.isDirectory(path)) {
                Files.readAttributes(path, "posix:*");
                throw new ForebayException.NotADirectory(
                        "the mount point " + path + " is not a folder; name an empty folder");
            }
            if (!nonempty && hasEntries(path)) {
                throw new ForebayException.NotEmpty("the mount point " + path
                        + " is not empty; name an empty folder, or hide what is in it with -o nonempty");
            }
        } catch (NoSuchFileException missing) {
            throw new ForebayException.NotFound(
                    "the mount point " + path + " does not exist; make it with: mkdir -p " + path, missing);
        } catch (IOException unreadable) {
            throw LocalDisk.failed("cannot use the mount point", path, unreadable);
        }
    }

    private static void checkNotMounted(Path path, MountTable table) throws ForebayException {
        Optional<MountTable.Mount> mounted = table.at(path).filter(MountTable.Mount::isFuse);
        if (mounted.isEmpty()) {
            return;
        }
        if (isDead(path)) {
            throw new ForebayException.AlreadyExists("the mount at " + path
                    + " is dead, its process has ended; clean it up with: forebay unmount " + path);
        }
        throw new ForebayException.AlreadyExists(path + " is already mounted ("
                + mounted.get().source() + "); unmount it first with: forebay unmount " + path);
    }

    /** Whether the process behind a FUSE mount is gone: then every call answers that the endpoint is not connected. */
    public static boolean isDead(Path path) {
        try {
            Files.getAttribute(path, "unix:ino");
            return false;
        } catch (IOException failed) {
            return LocalDisk.reason(failed).contains("not connected");
        }
    }

    private static boolean hasEntries(Path path) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            return entries.iterator().hasNext();
        }
    }
}
