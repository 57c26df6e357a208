package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that the data path needs. Each returns what the call returned, or the negative errno, as the kernel
 * itself does.
 *
 * <p>{@code state} is memory of at least {@link NativeFunction#STATE_BYTES} of the calling thread's own, in which errno
 * is caught: handed in, so that a call allocates nothing. None of them is linked as critical: {@code read} waits, and a
 * {@code write} copies up to a mebibyte, during which a garbage collector must not have to wait.
 */
final class Posix {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 02000000;
    /** Holds a folder without opening it: a file system is not asked. */
    static final int O_PATH = 010000000;

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_NOHUGEPAGE = 15;

    private static final MethodHandle READ =
            NativeFunction.link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            NativeFunction.link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle OPEN =
            NativeFunction.linkVariadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = NativeFunction.link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL =
            NativeFunction.linkVariadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle FCNTL =
            NativeFunction.linkVariadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle MMAP = NativeFunction.link(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            NativeFunction.link("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle MADVISE =
            NativeFunction.link("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private Posix() {}

    /** Reads at most {@code into}'s length. */
    static long read(int fd, MemorySegment into, MemorySegment state) {
        try {
            return NativeFunction.result((long) READ.invokeExact(state, fd, into, into.byteSize()), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /** Writes at most all of {@code from}. */
    static long write(int fd, MemorySegment from, MemorySegment state) {
        try {
            return NativeFunction.result((long) WRITE.invokeExact(state, fd, from, from.byteSize()), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /** Opens an existing file. */
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int) NativeFunction.result((int) OPEN.invokeExact(state, arena.allocateFrom(path), flags), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    static int close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int) NativeFunction.result((int) CLOSE.invokeExact(state, fd), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /** @param argument in and out, as the request says */
    static int ioctl(int fd, long request, MemorySegment argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int) NativeFunction.result((int) IOCTL.invokeExact(state, fd, request, argument), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    static int fcntl(int fd, int command, int argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int) NativeFunction.result((int) FCNTL.invokeExact(state, fd, command, argument), state);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /**
     * Memory that is zero, aligned to a page, takes no space until it is touched, and is given back with {@code arena}.
     */
    // The kernel has just said that these addresses are ours, and how many.
    @SuppressWarnings("restricted")
    static MemorySegment allocatePages(long sizeBytes, Arena arena) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(call);
            long address = NativeFunction.result(
                    (long) MMAP.invokeExact(
                            state,
                            0L,
                            sizeBytes,
                            PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                            -1,
                            0L),
                    state);
            if (address < 0) {
                throw new OutOfMemoryError("cannot map " + sizeBytes + " bytes: errno " + -address);
            }
            MemorySegment pages = MemorySegment.ofAddress(address).reinterpret(sizeBytes, arena, Posix::unmapPages);
            advise(pages, MADV_NOHUGEPAGE);
            return pages;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    /** Gives the memory behind {@code pages} back until they are touched again; their content is then zero. */
    static void dropPages(MemorySegment pages) {
        advise(pages, MADV_DONTNEED);
    }

    private static void advise(MemorySegment pages, int advice) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            // Advice that is not taken changes nothing but the footprint.
            long _ = (int) MADVISE.invokeExact(state, pages, pages.byteSize(), advice);
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }

    private static void unmapPages(MemorySegment pages) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            long _ = (int) MUNMAP.invokeExact(state, pages, pages.byteSize());
        } catch (Throwable failure) {
            throw NativeFunction.impossible(failure);
        }
    }
}
