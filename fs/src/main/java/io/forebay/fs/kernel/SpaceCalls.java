package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls about the room that a file takes, in the manner of {@link Posix}; a mount may never need them. */
final class SpaceCalls {
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int FALLOC_FL_ZERO_RANGE = 16;

    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    private static final MethodHandle FALLOCATE =
            NativeFunction.link("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle LSEEK =
            NativeFunction.link("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private SpaceCalls() {}

    static int fallocate(int fd, int mode, long offset, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int)
                    NativeFunction.result((int) FALLOCATE.invokeExact(state, fd, mode, offset, lengthBytes), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    static long lseek(int fd, long offset, int whence) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return NativeFunction.result((long) LSEEK.invokeExact(state, fd, offset, whence), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }
}
