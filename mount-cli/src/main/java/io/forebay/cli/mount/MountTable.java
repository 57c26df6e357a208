package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.fs.DoorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mounts that this process sees, as {@code /proc/self/mountinfo} tells them.
 *
 * @param mounts in the order in which they were made
 */
public record MountTable(List<Mount> mounts) {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    public MountTable {
        mounts = List.copyOf(mounts);
    }

    /**
     * One mount.
     *
     * @param mountPoint where
     * @param type the file system's type: {@code ext4}, {@code fuse.forebay}
     * @param source what is mounted, as the file system names it
     */
    public record Mount(Path mountPoint, String type, String source) {
        /** Whether Forebay made it. */
        public boolean isForebay() {
            return type.equals("fuse." + DoorSettings.SUBTYPE);
        }

        boolean isFuse() {
            return type.equals("fuse") || type.startsWith("fuse.") || type.equals("fuseblk");
        }
    }

    public static MountTable read() throws ForebayException {
        try {
            return parse(Files.readAllLines(MOUNTINFO));
        } catch (IOException unreadable) {
            throw LocalDisk.failed("cannot read the mount table", MOUNTINFO, unreadable);
        }
    }

    /** Reads the lines of a mountinfo file; see proc(5). */
    static MountTable parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            @Nullable Mount mount = mountOf(line.split(" "));
            if (mount != null) {
                mounts.add(mount);
            }
        }
        return new MountTable(mounts);
    }

    /** The fifth field is the mount point; optional fields end in "-", behind which come type and source. */
    private static @Nullable Mount mountOf(String[] fields) {
        for (int dash = 6; dash + 2 < fields.length; dash++) {
            if (fields[dash].equals("-")) {
                return new Mount(Path.of(unescape(fields[4])), fields[dash + 1], unescape(fields[dash + 2]));
            }
        }
        return null;
    }

    /** The kernel writes space, tab, newline and backslash as a backslash and three octal digits. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < field.length(); at++) {
            if (field.charAt(at) == '\\' && at + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(at + 1, at + 4), 8));
                at += 3;
            } else {
                text.append(field.charAt(at));
            }
        }
        return text.toString();
    }

    /** The mount that is seen at {@code mountPoint}: of several on top of each other the last one. */
    public Optional<Mount> at(Path mountPoint) {
        return mounts.reversed().stream()
                .filter(mount -> mount.mountPoint().equals(mountPoint))
                .findFirst();
    }

    /** Those that Forebay made. */
    public List<Mount> ofForebay() {
        return mounts.stream().filter(Mount::isForebay).toList();
    }
}
