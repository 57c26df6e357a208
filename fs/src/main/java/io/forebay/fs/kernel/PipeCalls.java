package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls about pipes, in the manner of {@link Posix}; apart from it, since a mount may never need them. */
final class PipeCalls {
    private static final MethodHandle SPLICE = NativeFunction.link(
            "splice", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle PIPE2 =
            NativeFunction.link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    private PipeCalls() {}

    /** Moves {@code lengthBytes} from a pipe, or to one, without copying them through this process. */
    static long splice(int fromFd, int toFd, long lengthBytes, MemorySegment state) {
        try {
            return NativeFunction.result(
                    (long) SPLICE.invokeExact(
                            state, fromFd, MemorySegment.NULL, toFd, MemorySegment.NULL, lengthBytes, 0),
                    state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /** A new pipe: its reading end, then its writing end; empty if there can be none. */
    static int[] pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            long outcome = NativeFunction.result((int) PIPE2.invokeExact(state, ends, Posix.O_CLOEXEC), state);
            return outcome < 0 ? new int[0] : ends.toArray(JAVA_INT);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }
}
