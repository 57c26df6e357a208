package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The system calls that a mount needs once, beside those of {@link Posix}; same conventions. */
final class MountCalls {
    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final int MNT_DETACH = 2;

    private static final MethodHandle MOUNT = NativeFunction.link(
            "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle UMOUNT2 =
            NativeFunction.link("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETEUID = NativeFunction.link("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETEGID = NativeFunction.link("getegid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETPAGESIZE = NativeFunction.link("getpagesize", FunctionDescriptor.of(JAVA_INT));

    private MountCalls() {}

    /** Mounts with nosuid and nodev. */
    static int mount(String source, String target, String type, boolean readOnly, String options) {
        long flags = MS_NOSUID | MS_NODEV | (readOnly ? MS_RDONLY : 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int) NativeFunction.result(
                    (int) MOUNT.invokeExact(
                            state,
                            arena.allocateFrom(source),
                            arena.allocateFrom(target),
                            arena.allocateFrom(type),
                            flags,
                            arena.allocateFrom(options)),
                    state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /** @param lazily whether a mount in use leaves the tree now and ends with its last user */
    static int unmount(String target, boolean lazily) {
        int flags = lazily ? MNT_DETACH : 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int)
                    NativeFunction.result((int) UMOUNT2.invokeExact(state, arena.allocateFrom(target), flags), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    static int effectiveUser() {
        return number(GETEUID);
    }

    static int effectiveGroup() {
        return number(GETEGID);
    }

    static int pageBytes() {
        return number(GETPAGESIZE);
    }

    private static int number(MethodHandle function) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) function.invokeExact(NativeFunction.newState(arena));
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }
}
