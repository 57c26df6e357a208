package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** System calls about pipes, in the manner of {@link Posix}; apart from it, since a mount may never need them. */
final class PipeCalls {
    private static final NativeFunction SPLICE = NativeFunction.answeringLong("splice");
    private static final NativeFunction PIPE2 = NativeFunction.answeringInt("pipe2");

    private PipeCalls() {}

    /** Moves {@code lengthBytes} from a pipe, or to one, without copying them through this process. */
    static long splice(int fromFd, int toFd, long lengthBytes, MemorySegment state) {
        return SPLICE.call(state, fromFd, 0, toFd, 0, lengthBytes, 0);
    }

    /** A new pipe: its reading end, then its writing end; empty if there can be none. */
    static int[] pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            return PIPE2.call(ends.address(), Posix.O_CLOEXEC) < 0 ? new int[0] : ends.toArray(JAVA_INT);
        }
    }
}
