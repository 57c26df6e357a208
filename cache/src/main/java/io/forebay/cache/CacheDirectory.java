package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.base.metric.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** The folder on one cache disk, for one process alone: its lock, its files' modes, and the room that is left. */
final class CacheDirectory implements AutoCloseable {
    /** Of the disk: a twentieth. With less only we write, who notice when it is full. */
    private static final int NEARLY_FULL_PART = 20;

    private static final String LOCK_NAME = "forebay.lock";
    private static final String PROBE_NAME = "forebay.probe";
    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<StandardOpenOption> ANY_FILE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<StandardOpenOption> OLD_FILE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel lock;
    private final ByteSize reserve;
    private final DiskHealth health;

    private CacheDirectory(Path path, FileChannel lock, ByteSize reserve, StableStorage storage, Metrics metrics) {
        this.path = path;
        this.lock = lock;
        this.reserve = reserve;
        this.health = new DiskHealth(path, path.resolve(LOCK_NAME), storage, metrics);
    }

    /**
     * Makes the folder if need be, takes its lock, and proves that it can be written.
     *
     * @throws ForebayException.InvalidArgument if it cannot be written, or another process has it
     * @throws ForebayException.NoSpace if less than {@code reserve} is free
     */
    static CacheDirectory claim(Path path, ByteSize reserve, StableStorage storage, Metrics metrics)
            throws ForebayException {
        FileChannel lock = null;
        boolean claimed = false;
        try {
            create(path);
            lock = FileChannel.open(
                    path.resolve(LOCK_NAME), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_FILE);
            takeLock(path, lock);
            CacheDirectory directory = new CacheDirectory(path, lock, reserve, storage, metrics);
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

    /**
     * The lock of a cache that is there, for whoever changes nothing in it. Closing it gives it back.
     *
     * @throws ForebayException.NotFound if there is no cache
     * @throws ForebayException.InvalidArgument if a mount has it
     */
    static FileChannel lockExisting(Path path) throws ForebayException {
        FileChannel lock = null;
        boolean taken = false;
        try {
            lock = FileChannel.open(path.resolve(LOCK_NAME), StandardOpenOption.WRITE);
            taken = tryLock(lock);
            if (!taken) {
                throw new ForebayException.InvalidArgument("a mount uses the cache path " + path
                        + "; 'forebay status' says what waits there, and 'forebay flush' uploads it");
            }
            return lock;
        } catch (NoSuchFileException _) {
            throw new ForebayException.NotFound("there is no cache in " + path);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot look into the cache", path, failure);
        } finally {
            if (lock != null && !taken) {
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
        if (!tryLock(lock)) {
            throw new ForebayException.InvalidArgument(
                    "cache path " + path + " is in use by another mount; give each mount a cache path of its own");
        }
    }

    private static boolean tryLock(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    /** Writes one page and removes it. */
    private void probe() throws IOException {
        Path probe = path.resolve(PROBE_NAME);
        Files.deleteIfExists(probe);
        try (FileChannel file = createFile(probe)) {
            file.write(ByteBuffer.allocate(PageMap.PAGE_BYTES));
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** A new, empty file that its owner alone can read, open for reading and writing. */
    private static FileChannel createFile(Path file) throws IOException {
        return FileChannel.open(file, NEW_FILE, OWNER_FILE);
    }

    /** A new, empty file; the folder that it is in is made if it is missing. What had its name is removed. */
    SparseFile newFile(Path file) throws ForebayException {
        try {
            return new SparseFile(file, createAnew(file), health);
        } catch (IOException failure) {
            throw health.failed("cannot create cached content", file, failure);
        }
    }

    private FileChannel createAnew(Path file) throws IOException {
        while (true) {
            try {
                return createFile(file);
            } catch (FileAlreadyExistsException _) {
                Files.delete(file);
            } catch (NoSuchFileException missing) {
                Path folder = file.getParent();
                // Where the whole cache is gone, its disk is: nothing is to be made in its place.
                if (folder == null || Files.exists(folder) || !Files.exists(path.resolve(LOCK_NAME))) {
                    throw missing;
                }
                Files.createDirectories(folder, OWNER_DIRECTORY);
            }
        }
    }

    /** The file of that name, empty if it is new. */
    SparseFile file(Path file) throws ForebayException {
        return open(file, ANY_FILE);
    }

    /** The file of that name, which must exist. */
    SparseFile existingFile(Path file) throws ForebayException {
        return open(file, OLD_FILE);
    }

    /** The file of that name, which the first use opens. */
    SparseFile restingFile(Path file) {
        return new SparseFile(file, null, health);
    }

    private SparseFile open(Path file, Set<StandardOpenOption> how) throws ForebayException {
        try {
            return new SparseFile(file, FileChannel.open(file, how, OWNER_FILE), health);
        } catch (IOException failure) {
            throw health.failed("cannot open cached content", file, failure);
        }
    }

    void delete(Path file) throws ForebayException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw health.failed("cannot remove cached content", file, failure);
        }
    }

    /** Puts the names in {@code folder}, which is this one or lies in it, on stable storage. */
    void force(Path folder) throws ForebayException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException failure) {
            throw health.failed("cannot write the cache folder to disk", folder, failure);
        }
    }

    /** {@code from} is called {@code to} from now on, also after a power cut. */
    void rename(Path from, Path to) throws ForebayException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw health.failed("cannot rename in the cache folder to", to, failure);
        }
        force(Objects.requireNonNull(to.getParent()));
    }

    Path path() {
        return path;
    }

    DiskHealth health() {
        return health;
    }

    /** Fails unless more than the reserve is free. */
    void requireSpace() throws ForebayException {
        long free = freeBytes();
        if (free <= reserve.bytes()) {
            throw new ForebayException.NoSpace("cache disk full: " + path + " has " + new ByteSize(free) + " free, and "
                    + reserve + " must stay so");
        }
    }

    /** Whether so little is free that nothing is lent for writing. */
    boolean isNearlyFull() {
        long total = totalBytes();
        if (total == 0 && health.isGone()) {
            return false;
        }
        return freeBytes() <= Math.max(reserve.bytes(), total / NEARLY_FULL_PART);
    }

    /** 0 also where the disk does not answer. Asked of the file: to find out its file store reads the mount table. */
    long freeBytes() {
        return path.toFile().getUsableSpace();
    }

    /** What is free and need not stay so; 0 if nothing is. */
    long roomBytes() {
        return Math.max(0, freeBytes() - reserve.bytes());
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
