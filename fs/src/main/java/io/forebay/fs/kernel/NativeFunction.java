package io.forebay.fs.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** How functions of the C library are called: with errno caught, into memory that the caller hands in first. */
// Calling C is the purpose; the names and descriptors are constants of this package.
@SuppressWarnings("restricted")
final class NativeFunction {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Memory that a call needs to catch errno in. */
    static final long STATE_BYTES = STATE.byteSize();

    private NativeFunction() {}

    /** The function {@code name}, its first parameter being the call state. */
    static MethodHandle link(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** The same, for a function that takes variable arguments behind the first {@code fixed}. */
    static MethodHandle linkVariadic(String name, int fixed, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    /** Whether this C library has {@code name}. */
    static boolean exists(String name) {
        return LINKER.defaultLookup().find(name).isPresent();
    }

    static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    /** {@code returned}, or the negative errno where the function returned -1. */
    static long result(long returned, MemorySegment state) {
        return returned != -1 ? returned : -errno(state);
    }

    /** Functions of the {@code posix_spawn} family return the errno itself and are not asked through this. */
    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** For the catch that {@link MethodHandle#invokeExact} demands: a downcall does not throw. */
    static Error impossible(Throwable failure) {
        return failure instanceof Error error ? error : new AssertionError("a call into the C library threw", failure);
    }
}
