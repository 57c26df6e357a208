package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path and the mount that it is in. Found without a call into the mount, which may hang or not be there any more.
 *
 * @param mountPoint of the mount
 * @param inside the rest, without slashes around it; empty for the mount point itself
 */
public record MountedPath(Path mountPoint, String inside) {
    /** As Linux has it. */
    private static final int MAX_SYMLINKS = 40;

    /**
     * Finds the mount of a path. Symlinks on the way to the mount point are followed; those behind it are the mount's.
     *
     * @throws ForebayException.InvalidArgument if it is in no mount of Forebay
     */
    public static MountedPath of(Path written, MountTable table) throws ForebayException {
        Deque<Path> names = new ArrayDeque<>();
        written.toAbsolutePath().normalize().forEach(names::add);
        Path at = Path.of("/");
        int symlinks = 0;
        while (true) {
            Optional<MountTable.Mount> mount = table.at(at).filter(MountTable.Mount::isForebay);
            if (mount.isPresent()) {
                return inside(at, names, table, written);
            }
            if (names.isEmpty()) {
                throw notOurs(written);
            }
            Path next = at.resolve(names.pop());
            @Nullable Path target = targetOf(next);
            if (target == null) {
                at = next;
            } else if (++symlinks > MAX_SYMLINKS) {
                throw notOurs(written);
            } else {
                Path leadsTo = at.resolve(target).normalize();
                prepend(leadsTo, names);
                at = Path.of("/");
            }
        }
    }

    private static void prepend(Path path, Deque<Path> names) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            names.push(path.getName(i));
        }
    }

    private static @Nullable Path targetOf(Path path) {
        try {
            return Files.readSymbolicLink(path);
        } catch (IOException | UnsupportedOperationException noSymlink) {
            return null;
        }
    }

    /** Something else may be mounted inside the mount. */
    private static MountedPath inside(Path mountPoint, Deque<Path> names, MountTable table, Path written)
            throws ForebayException {
        Path at = mountPoint;
        StringBuilder inside = new StringBuilder();
        for (Path name : names) {
            at = at.resolve(name);
            if (table.at(at).isPresent()) {
                throw notOurs(written);
            }
            inside.append(inside.isEmpty() ? "" : "/").append(name);
        }
        return new MountedPath(mountPoint, inside.toString());
    }

    private static ForebayException notOurs(Path written) {
        return new ForebayException.InvalidArgument(
                "'" + written + "' is not in a mount of Forebay; 'forebay list' shows what is mounted where");
    }
}
