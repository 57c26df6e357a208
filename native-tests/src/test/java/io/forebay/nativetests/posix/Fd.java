package io.forebay.nativetests.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** An open file, as the kernel numbers it. */
public final class Fd implements AutoCloseable {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 01;
    public static final int O_RDWR = 02;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;

    public static final int SEEK_SET = 0;
    public static final int SEEK_CUR = 1;
    public static final int SEEK_END = 2;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;
    public static final int FALLOC_FL_ZERO_RANGE = 16;

    private static final int AT_EMPTY_PATH = 0x1000;

    private static final Native CLOSE = Native.returningInt("close", JAVA_INT);
    private static final Native COPY_FILE_RANGE =
            Native.returningLong("copy_file_range", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final Native FALLOCATE = Native.returningInt("fallocate", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final Native FDATASYNC = Native.returningInt("fdatasync", JAVA_INT);
    private static final Native FSYNC = Native.returningInt("fsync", JAVA_INT);
    private static final Native FTRUNCATE = Native.returningInt("ftruncate", JAVA_INT, JAVA_LONG);
    private static final Native LSEEK = Native.returningLong("lseek", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final Native OPEN = Native.variadic("open", 2, ADDRESS, JAVA_INT, JAVA_INT);
    private static final Native PREAD = Native.returningLong("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final Native PWRITE = Native.returningLong("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final Native READ = Native.returningLong("read", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final Native WRITE = Native.returningLong("write", JAVA_INT, ADDRESS, JAVA_LONG);

    private final int number;

    private Fd(int number) {
        this.number = number;
    }

    public static Fd open(Path path, int flags) throws ErrnoException {
        return open(path, flags, 0666);
    }

    public static Fd open(Path path, int flags, int mode) throws ErrnoException {
        return new Fd((int) OPEN.call(path, flags, mode));
    }

    public int write(byte[] bytes) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            return (int) WRITE.call(number, arena.allocateFrom(JAVA_BYTE, bytes), (long) bytes.length);
        }
    }

    public int pwrite(byte[] bytes, long offset) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            return (int) PWRITE.call(number, arena.allocateFrom(JAVA_BYTE, bytes), (long) bytes.length, offset);
        }
    }

    /** One read(2) of at most {@code limitBytes}. */
    public byte[] read(int limitBytes) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(limitBytes);
            long count = READ.call(number, target, (long) limitBytes);
            return target.asSlice(0, count).toArray(JAVA_BYTE);
        }
    }

    /** One pread(2) of at most {@code limitBytes}. */
    public byte[] pread(int limitBytes, long offset) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(limitBytes);
            long count = PREAD.call(number, target, (long) limitBytes, offset);
            return target.asSlice(0, count).toArray(JAVA_BYTE);
        }
    }

    public long seek(long offset, int whence) throws ErrnoException {
        return LSEEK.call(number, offset, whence);
    }

    public void truncate(long sizeBytes) throws ErrnoException {
        FTRUNCATE.call(number, sizeBytes);
    }

    public void allocate(int mode, long offset, long lengthBytes) throws ErrnoException {
        FALLOCATE.call(number, mode, offset, lengthBytes);
    }

    /**
     * Copies {@code lengthBytes} from {@code offset} on to another file by as many calls as it takes.
     *
     * @return how many were copied: fewer only where this file ends
     */
    public long copyTo(Fd target, long offset, long targetOffset, long lengthBytes) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(JAVA_LONG, offset);
            MemorySegment to = arena.allocateFrom(JAVA_LONG, targetOffset);
            long copied = 0;
            long count;
            do {
                count = COPY_FILE_RANGE.call(number, from, target.number, to, lengthBytes - copied, 0);
                copied += count;
            } while (count > 0 && copied < lengthBytes);
            return copied;
        }
    }

    public void fsync() throws ErrnoException {
        FSYNC.call(number);
    }

    public void fdatasync() throws ErrnoException {
        FDATASYNC.call(number);
    }

    public Stat stat() throws ErrnoException {
        return Posix.statx(number, "", AT_EMPTY_PATH);
    }

    @Override
    public void close() throws ErrnoException {
        CLOSE.call(number);
    }
}
