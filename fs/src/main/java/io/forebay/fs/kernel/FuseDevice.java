package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open file descriptor of {@code /dev/fuse}: a queue from which requests are read and to which their answers are
 * written. A request is answered on the descriptor that it was read from.
 */
final class FuseDevice implements ReplyChannel, BackingRegistry, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FuseDevice.class);

    static final String PATH = "/dev/fuse";

    /** {@code _IOR(229, 0, uint32_t)}: joins this descriptor to the connection of another. */
    private static final long FUSE_DEV_IOC_CLONE = 0x8004e500L;
    /** {@code _IOW(229, 1, struct fuse_backing_map)}. */
    private static final long FUSE_DEV_IOC_BACKING_OPEN = 0x4010e501L;
    /** {@code _IOW(229, 2, uint32_t)}. */
    private static final long FUSE_DEV_IOC_BACKING_CLOSE = 0x4004e502L;

    /** Source: linux/fcntl.h, asm-generic/fcntl.h. */
    private static final int F_SETSIG = 10;

    private static final int F_SETLEASE = 1024;
    private static final int F_RDLCK = 0;
    private static final int F_UNLCK = 2;
    private static final int SIGURG = 23;
    private static final int EAGAIN = 11;

    private final int fd;
    private volatile boolean refusesFiles;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param fd open; it is closed with this object */
    FuseDevice(int fd) {
        this.fd = fd;
    }

    /** @throws ForebayException if the machine has no FUSE, or does not let us */
    static FuseDevice open() throws ForebayException {
        int fd = Posix.open(PATH, Posix.O_RDWR | Posix.O_CLOEXEC);
        if (fd < 0) {
            throw SystemCallFailure.of("cannot open " + PATH, -fd);
        }
        return new FuseDevice(fd);
    }

    int fd() {
        return fd;
    }

    /** Another descriptor for the same mount, with a queue of its own; empty where the kernel or its rights say no. */
    Optional<FuseDevice> cloned() {
        int cloneFd = Posix.open(PATH, Posix.O_RDWR | Posix.O_CLOEXEC);
        if (cloneFd < 0) {
            return Optional.empty();
        }
        FuseDevice clone = new FuseDevice(cloneFd);
        try (Arena arena = Arena.ofConfined()) {
            if (Posix.ioctl(cloneFd, FUSE_DEV_IOC_CLONE, arena.allocateFrom(ValueLayout.JAVA_INT, fd)) < 0) {
                clone.close();
                return Optional.empty();
            }
        }
        return Optional.of(clone);
    }

    /** Waits for a request. Returns its length, or the negative errno. */
    long read(MemorySegment into, MemorySegment state) {
        return Posix.read(fd, into, state);
    }

    @Override
    public long write(MemorySegment message, MemorySegment state) {
        return Posix.write(fd, message, state);
    }

    @Override
    public long splice(int pipeFd, long lengthBytes, MemorySegment state) {
        return PipeCalls.splice(pipeFd, fd, lengthBytes, state);
    }

    @Override
    public boolean takesFiles() {
        return !refusesFiles;
    }

    /** One refusal stands for all: it is the file system of the cache that the kernel does not take, or us. */
    @Override
    public OptionalInt openBacking(Path file) {
        int id = register(file);
        if (id > 0) {
            return OptionalInt.of(id);
        }
        refusesFiles = true;
        LOG.info("no passthrough, the kernel does not take the cache's files file={} errno={}", file, -id);
        return OptionalInt.empty();
    }

    /** Registers a backing file. Returns its id, or the negative errno. */
    int register(Path file) {
        // For reading, whatever it is for: each open of the inode opens the file again, with the rights that it needs,
        // and a registered file that could be written would count as one that is.
        int backingFd = Posix.open(file.toString(), Posix.O_RDONLY | Posix.O_CLOEXEC);
        if (backingFd < 0) {
            return backingFd;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment map = arena.allocate(Wire.BackingMap.SIZE, Long.BYTES);
            map.set(ValueLayout.JAVA_INT, Wire.BackingMap.FD, backingFd);
            return Posix.ioctl(fd, FUSE_DEV_IOC_BACKING_OPEN, map);
        } finally {
            Posix.close(backingFd);
        }
    }

    /**
     * A read lease is granted only while nobody has the file open for writing. It is given back at once; should somebody
     * open the file just then, that waits for us, and the kernel tells us with a signal, which is made one that means
     * nothing.
     */
    @Override
    public boolean isWrittenElsewhere(Path file) {
        int probe = Posix.open(file.toString(), Posix.O_RDONLY | Posix.O_CLOEXEC);
        if (probe < 0) {
            return false;
        }
        try {
            Posix.fcntl(probe, F_SETSIG, SIGURG);
            int granted = Posix.fcntl(probe, F_SETLEASE, F_RDLCK);
            Posix.fcntl(probe, F_SETLEASE, F_UNLCK);
            return granted == -EAGAIN;
        } finally {
            Posix.close(probe);
        }
    }

    @Override
    public void closeBacking(int backingId) {
        try (Arena arena = Arena.ofConfined()) {
            Posix.ioctl(fd, FUSE_DEV_IOC_BACKING_CLOSE, arena.allocateFrom(ValueLayout.JAVA_INT, backingId));
        }
    }

    /** Only when no thread reads from it any more: the number could already belong to another file. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Posix.close(fd);
        }
    }
}
