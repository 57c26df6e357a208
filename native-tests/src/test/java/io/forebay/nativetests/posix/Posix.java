package io.forebay.nativetests.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** System calls on paths. Those on open files are in {@link Fd}. */
public final class Posix {
    public static final int RENAME_NOREPLACE = 1;
    public static final int RENAME_EXCHANGE = 2;

    /** The "leave it as it is" of chown(2). */
    public static final int KEEP = -1;

    /** PATH_MAX. */
    private static final long LONGEST_TARGET = 4_096;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final Native CHMOD = Native.returningInt("chmod", ADDRESS, JAVA_INT);
    private static final Native CHOWN = Native.returningInt("lchown", ADDRESS, JAVA_INT, JAVA_INT);
    private static final Native LINK = Native.returningInt("link", ADDRESS, ADDRESS);
    private static final Native MKDIR = Native.returningInt("mkdir", ADDRESS, JAVA_INT);
    private static final Native MKFIFO = Native.returningInt("mkfifo", ADDRESS, JAVA_INT);
    private static final Native MKNOD = Native.returningInt("mknod", ADDRESS, JAVA_INT, JAVA_LONG);
    private static final Native READLINK = Native.returningLong("readlink", ADDRESS, ADDRESS, JAVA_LONG);
    private static final Native RENAME = Native.returningInt("rename", ADDRESS, ADDRESS);
    private static final Native RENAMEAT2 =
            Native.returningInt("renameat2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final Native RMDIR = Native.returningInt("rmdir", ADDRESS);
    private static final Native STATX = Native.returningInt("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final Native SYMLINK = Native.returningInt("symlink", ADDRESS, ADDRESS);
    private static final Native TRUNCATE = Native.returningInt("truncate", ADDRESS, JAVA_LONG);
    private static final Native UNLINK = Native.returningInt("unlink", ADDRESS);
    private static final Native UTIMENSAT = Native.returningInt("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

    private Posix() {}

    public static void mkdir(Path path, int mode) throws ErrnoException {
        MKDIR.call(path, mode);
    }

    public static void rmdir(Path path) throws ErrnoException {
        RMDIR.call(path);
    }

    public static void unlink(Path path) throws ErrnoException {
        UNLINK.call(path);
    }

    public static void rename(Path from, Path to) throws ErrnoException {
        RENAME.call(from, to);
    }

    public static void renameat2(Path from, Path to, int flags) throws ErrnoException {
        RENAMEAT2.call(AT_FDCWD, from, AT_FDCWD, to, flags);
    }

    public static void symlink(String target, Path path) throws ErrnoException {
        SYMLINK.call(target, path);
    }

    /** The target to the byte, which Java's own path type would tidy up. */
    public static String readlink(Path path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(LONGEST_TARGET);
            long length = READLINK.call(path, target, LONGEST_TARGET);
            return new String(target.asSlice(0, length).toArray(JAVA_BYTE), UTF_8);
        }
    }

    public static void link(Path existing, Path added) throws ErrnoException {
        LINK.call(existing, added);
    }

    public static void mkfifo(Path path, int mode) throws ErrnoException {
        MKFIFO.call(path, mode);
    }

    /** @param mode type and permissions */
    public static void mknod(Path path, int mode, long device) throws ErrnoException {
        MKNOD.call(path, mode, device);
    }

    public static void chmod(Path path, int permissions) throws ErrnoException {
        CHMOD.call(path, permissions);
    }

    /** Changes owner and group of the file itself, not of what a symlink leads to. */
    public static void chown(Path path, int uid, int gid) throws ErrnoException {
        CHOWN.call(path, uid, gid);
    }

    public static void truncate(Path path, long sizeBytes) throws ErrnoException {
        TRUNCATE.call(path, sizeBytes);
    }

    /** Sets both times, in nanoseconds since 1970. */
    public static void utimens(Path path, long accessNanos, long modifyNanos) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocateFrom(
                    JAVA_LONG,
                    Math.floorDiv(accessNanos, NANOS_PER_SECOND),
                    Math.floorMod(accessNanos, NANOS_PER_SECOND),
                    Math.floorDiv(modifyNanos, NANOS_PER_SECOND),
                    Math.floorMod(modifyNanos, NANOS_PER_SECOND));
            UTIMENSAT.call(AT_FDCWD, path, times, 0);
        }
    }

    /** What is at {@code path}; a symlink is followed. */
    public static Stat stat(Path path) throws ErrnoException {
        return statx(AT_FDCWD, path.toString(), 0);
    }

    /** What is at {@code path}; a symlink is not followed. */
    public static Stat lstat(Path path) throws ErrnoException {
        return statx(AT_FDCWD, path.toString(), AT_SYMLINK_NOFOLLOW);
    }

    static Stat statx(int directoryFd, String path, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(Stat.BYTES, 8);
            STATX.call(directoryFd, path, flags, STATX_BASIC_STATS, statx);
            return Stat.of(statx);
        }
    }
}
