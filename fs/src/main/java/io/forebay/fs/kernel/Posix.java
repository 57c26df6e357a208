package io.forebay.fs.kernel;

import java.lang.foreign.Arena;
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

    private static final MethodHandle READ = NativeFunction.moving("read");
    private static final MethodHandle WRITE = NativeFunction.moving("write");
    private static final MethodHandle OPEN = NativeFunction.variadic("open");
    private static final MethodHandle IOCTL = NativeFunction.variadic("ioctl");
    private static final MethodHandle FCNTL = NativeFunction.variadic("fcntl");
    private static final NativeFunction CLOSE = NativeFunction.answeringInt("close");
    private static final NativeFunction MMAP = NativeFunction.answeringLong("mmap");
    private static final NativeFunction MUNMAP = NativeFunction.answeringInt("munmap");
    private static final NativeFunction MADVISE = NativeFunction.answeringInt("madvise");

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
            return variadic(OPEN, arena.allocateFrom(path).address(), flags, 0);
        }
    }

    static int close(int fd) {
        return (int) CLOSE.call(fd);
    }

    /** @param argument in and out, as the request says; of an arena that nobody closes meanwhile */
    static int ioctl(int fd, long request, MemorySegment argument) {
        return variadic(IOCTL, fd, request, argument.address());
    }

    static int fcntl(int fd, int command, int argument) {
        return variadic(FCNTL, fd, command, argument);
    }

    private static int variadic(MethodHandle function, long first, long second, long third) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            return (int) NativeFunction.result((int) function.invokeExact(state, first, second, third), state);
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
        long address =
                MMAP.call(0, sizeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (address < 0) {
            throw new OutOfMemoryError("cannot map " + sizeBytes + " bytes: errno " + -address);
        }
        MemorySegment pages = MemorySegment.ofAddress(address).reinterpret(sizeBytes, arena, Posix::unmapPages);
        advise(pages, MADV_NOHUGEPAGE);
        return pages;
    }

    /** Gives the memory behind {@code pages} back until they are touched again; their content is then zero. */
    static void dropPages(MemorySegment pages) {
        advise(pages, MADV_DONTNEED);
    }

    private static void advise(MemorySegment pages, int advice) {
        // Advice that is not taken changes nothing but the footprint.
        long _ = MADVISE.call(pages.address(), pages.byteSize(), advice);
    }

    private static void unmapPages(MemorySegment pages) {
        long _ = MUNMAP.call(pages.address(), pages.byteSize());
    }
}
