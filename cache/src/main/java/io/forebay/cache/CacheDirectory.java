package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The folder on the cache disk, for one process alone. Beside its own files, {@code *.content} and the lock, it touches
 * nothing that lies there.
 */
final class CacheDirectory implements AutoCloseable {
    /** Of the disk that stays free of what nobody uses now: a fifth. */
    private static final int ROOM_PART = 5;
    /** And a twentieth, below which only we write, who notice when it is full. */
    private static final int NEARLY_FULL_PART = 20;

    private static final String LOCK_NAME = "forebay.lock";
    private static final Pattern CONTENT_NAME = Pattern.compile("[0-9a-f]{16}\\.content");
    private static final FileAttribute<?> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel lock;
    private final ByteSize reserve;
    private final AtomicLong files = new AtomicLong();

    private CacheDirectory(Path path, FileChannel lock, ByteSize reserve) {
        this.path = path;
        this.lock = lock;
        this.reserve = reserve;
    }

    /**
     * Makes the folder if need be, takes its lock, removes what a dead process left, and proves that it can be written.
     *
     * @throws ForebayException.InvalidArgument if it cannot be written, or another process has it
     * @throws ForebayException.NoSpace if less than {@code reserve} is free
     */
    static CacheDirectory claim(Path path, ByteSize reserve) throws ForebayException {
        FileChannel lock = null;
        boolean claimed = false;
        try {
            create(path);
            lock = FileChannel.open(
                    path.resolve(LOCK_NAME), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_FILE);
            takeLock(path, lock);
            CacheDirectory directory = new CacheDirectory(path, lock, reserve);
            directory.wipe();
            directory.requireSpace();
            directory.probe();
            claimed = true;
            return directory;
        } catch (IOException failure) {
            throw unusable(path, failure);
        } finally {
            if (lock != null && !claimed) {
                closeQuietly(lock);
            }
        }
    }

    private static void create(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(path, OWNER_DIRECTORY);
    }

    private static void takeLock(Path path, FileChannel lock) throws IOException {
        boolean taken;
        try {
            taken = lock.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            taken = false;
        }
        if (!taken) {
            throw new ForebayException.InvalidArgument(
                    "cache path " + path + " is in use by another mount; give each mount a cache path of its own");
        }
    }

    private void wipe() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "*.content")) {
            for (Path file : left) {
                if (CONTENT_NAME.matcher(String.valueOf(file.getFileName())).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Writes one page and removes it. */
    private void probe() throws ForebayException {
        try (SparseFile file = newFile()) {
            file.write(0, ByteBuffer.allocate(PageMap.PAGE_BYTES));
        }
    }

    /** A new, empty file that its owner alone can read. */
    SparseFile newFile() throws ForebayException {
        Path file = path.resolve(String.format(Locale.ROOT, "%016x.content", files.getAndIncrement()));
        try {
            Files.createFile(file, OWNER_FILE);
            return new SparseFile(file);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot create cached content", file, failure);
        }
    }

    /** Fails unless more than the reserve is free. */
    void requireSpace() throws ForebayException {
        long free = freeBytes();
        if (free <= reserve.bytes()) {
            throw new ForebayException.NoSpace("cache disk full: " + path + " has " + new ByteSize(free) + " free, and "
                    + reserve + " must stay so");
        }
    }

    /** Whether so little is free that content which nobody uses must go. */
    boolean isShortOfRoom() {
        return hasAtMost(ROOM_PART);
    }

    /** Whether so little is free that nothing is lent for writing. */
    boolean isNearlyFull() {
        return hasAtMost(NEARLY_FULL_PART);
    }

    private boolean hasAtMost(int part) {
        return freeBytes() <= Math.max(reserve.bytes(), totalBytes() / part);
    }

    /** 0 also where the disk does not answer. Asked of the file: to find out its file store reads the mount table. */
    long freeBytes() {
        return path.toFile().getUsableSpace();
    }

    long totalBytes() {
        return path.toFile().getTotalSpace();
    }

    /** Gives the lock back. The lock file stays: to remove it is a race with the next process that opens it. */
    @Override
    public void close() {
        closeQuietly(lock);
    }

    private static void closeQuietly(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException _) {
            // The process's end gives the lock back in any case.
        }
    }

    private static ForebayException unusable(Path path, IOException failure) {
        ForebayException known = LocalDisk.failed("cannot use the cache path", path, failure);
        return switch (known) {
            case ForebayException.NoSpace full when full.getMessage().startsWith("cache disk full") -> full;
            case ForebayException.NoSpace full ->
                new ForebayException.NoSpace("cache disk full: nothing can be written to " + path, full);
            case ForebayException.InvalidArgument inUse -> inUse;
            case ForebayException.Interrupted interrupted -> interrupted;
            default ->
                new ForebayException.InvalidArgument(
                        "cache path " + path + " cannot be written: " + reason(failure), failure);
        };
    }

    /** The innermost reason, in the operating system's words. */
    private static String reason(IOException failure) {
        IOException inner = failure instanceof ForebayException && failure.getCause() instanceof IOException cause
                ? cause
                : failure;
        return LocalDisk.reason(inner).toLowerCase(Locale.ROOT);
    }
}
