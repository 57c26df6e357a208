package io.forebay.fs.kernel;

import java.lang.foreign.Arena;

/** The system calls that a mount needs once, beside those of {@link Posix}; same conventions. */
final class MountCalls {
    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final int MNT_DETACH = 2;

    private static final NativeFunction MOUNT = NativeFunction.answeringInt("mount");
    private static final NativeFunction UMOUNT2 = NativeFunction.answeringInt("umount2");
    private static final NativeFunction GETEUID = NativeFunction.answeringInt("geteuid");
    private static final NativeFunction GETEGID = NativeFunction.answeringInt("getegid");
    private static final NativeFunction GETPAGESIZE = NativeFunction.answeringInt("getpagesize");

    private MountCalls() {}

    /** Mounts with nosuid and nodev. */
    static int mount(String source, String target, String type, boolean readOnly, String options) {
        long flags = MS_NOSUID | MS_NODEV | (readOnly ? MS_RDONLY : 0);
        try (Arena arena = Arena.ofConfined()) {
            return (int) MOUNT.call(
                    arena.allocateFrom(source).address(),
                    arena.allocateFrom(target).address(),
                    arena.allocateFrom(type).address(),
                    flags,
                    arena.allocateFrom(options).address());
        }
    }

    /** @param lazily whether a mount in use leaves the tree now and ends with its last user */
    static int unmount(String target, boolean lazily) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) UMOUNT2.call(arena.allocateFrom(target).address(), lazily ? MNT_DETACH : 0);
        }
    }

    static int effectiveUser() {
        return (int) GETEUID.call();
    }

    static int effectiveGroup() {
        return (int) GETEGID.call();
    }

    static int pageBytes() {
        return (int) GETPAGESIZE.call();
    }
}
