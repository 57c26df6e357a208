package io.forebay.nativetests.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Arrays;

/** One function of the C library that returns -1 and sets errno when it fails. */
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(PathElement.groupElement("errno"));

    private final String name;
    private final MethodHandle function;

    private Native(String name, MethodHandle function) {
        this.name = name;
        this.function = function;
    }

    static Native returningInt(String name, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    static Native returningLong(String name, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments));
    }

    /** A function whose arguments from {@code firstVariadic} on are variadic, as in {@code open(path, flags, ...)}. */
    static Native variadic(String name, int firstVariadic, MemoryLayout... arguments) {
        return bind(
                name,
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    @SuppressWarnings("restricted") // the signatures are those of the C library's own headers
    private static Native bind(String name, FunctionDescriptor signature, Linker.Option... more) {
        Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
        options[more.length] = Linker.Option.captureCallState("errno");
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return new Native(name, LINKER.downcallHandle(address, signature, options));
    }

    /** Calls it; a {@link Path} or {@link String} argument becomes a C string in UTF-8. */
    long call(Object... arguments) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            Object[] all = new Object[arguments.length + 1];
            all[0] = captured;
            for (int i = 0; i < arguments.length; i++) {
                all[i + 1] = inMemory(arguments[i], arena);
            }
            long result = ((Number) function.invokeWithArguments(all)).longValue();
            if (result == -1) {
                throw new ErrnoException(name, Arrays.toString(arguments), (int) ERRNO.get(captured, 0L));
            }
            return result;
        } catch (ErrnoException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("cannot call " + name, e);
        }
    }

    private static Object inMemory(Object argument, Arena arena) {
        return argument instanceof Path || argument instanceof String
                ? arena.allocateFrom(argument.toString())
                : argument;
    }
}
