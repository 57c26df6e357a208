package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the C library, called with errno caught.
 *
 * <p>Java makes code for each shape of function that is called, which takes a young mount 7 ms a shape. So all functions have
 * one: six words in, one word out. Integers and pointers are words in all ABIs of 64-bit Linux; a narrower parameter is the
 * lower part of its word, and the caller clears away what a function does not ask for. Source: System V ABI for x86-64, 3.2.3;
 * AAPCS64, 6.8. Who passes the address of a segment sees to it that the segment lives through the call.
 *
 * @param words the function in that shape
 * @param answersInt whether only the lower half of the answer counts
 */
record NativeFunction(MethodHandle words, boolean answersInt) {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final FunctionDescriptor WORDS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    /** Memory that a call needs to catch errno in. */
    static final long STATE_BYTES = STATE.byteSize();

    static NativeFunction answeringInt(String name) {
        return new NativeFunction(link(name, WORDS), true);
    }

    static NativeFunction answeringLong(String name) {
        return new NativeFunction(link(name, WORDS), false);
    }

    /** {@code ssize_t name(int, void *, size_t)}: in a shape of its own, so that the memory lives as long as the call waits. */
    static MethodHandle moving(String name) {
        return link(name, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /** {@code int name(word, word, ...)}: an ABI may pass what is behind the dots in another way. */
    static MethodHandle variadic(String name) {
        return link(
                name,
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(2));
    }

    /** The function {@code name}, its first parameter being the call state. */
    // Calling C is the purpose; the names and descriptors are constants of this package.
    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    /** Whether this C library has {@code name}. */
    static boolean exists(String name) {
        return LINKER.defaultLookup().find(name).isPresent();
    }

    static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    /** Calls with up to six words; returns the answer, or the negative errno where it was -1. */
    long call(long... given) {
        try (Arena arena = Arena.ofConfined()) {
            return call(newState(arena), given);
        }
    }

    /** The same, for a caller that has memory to catch errno in. */
    long call(MemorySegment state, long... given) {
        long answer;
        try {
            answer = (long) words.invokeExact(
                    state,
                    word(given, 0),
                    word(given, 1),
                    word(given, 2),
                    word(given, 3),
                    word(given, 4),
                    word(given, 5));
        } catch (Throwable failure) {
            throw impossible(failure);
        }
        return result(answersInt ? (int) answer : answer, state);
    }

    private static long word(long[] given, int index) {
        return index < given.length ? given[index] : 0;
    }

    /** {@code returned}, or the negative errno where the function returned -1. */
    static long result(long returned, MemorySegment state) {
        return returned != -1 ? returned : -errno(state);
    }

    private static int errno(MemorySegment state) {
        return state.get(JAVA_INT, ERRNO);
    }

    /** For the catch that {@link MethodHandle#invokeExact} demands: a downcall does not throw. */
    static Error impossible(Throwable failure) {
        return failure instanceof Error error ? error : new AssertionError("a call into the C library threw", failure);
    }
}
