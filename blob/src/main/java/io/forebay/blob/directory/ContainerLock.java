package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock under which the blobs of one container change, among the threads of this store, the stores of this process,
 * and all processes of this machine. It is held to look at a precondition and to rename, never to copy bytes.
 *
 * <p>The kernel's lock belongs to the process and falls with the first file descriptor that the process closes on the
 * lock file. Therefore a store keeps its one descriptor, and closes it only while it holds the lock itself.
 */
final class ContainerLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ContainerLock.class);
    private static final Duration FIRST_PAUSE = Duration.ofNanos(100_000);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(5);

    /** How long {@link #close} waits for its turn. Changes hold the lock for some renames, so this is ample. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);

    private final Path file;
    private final Clock clock;
    private final ReentrantLock threads = new ReentrantLock();
    private @Nullable FileChannel channel; // guarded by threads
    private boolean closed; // guarded by threads

    ContainerLock(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The lock while it is held; closing it gives it back. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the lock.
     *
     * @throws ForebayException.Unavailable if others hold it until the deadline; nothing has happened then
     * @throws ForebayException.Interrupted if the thread is interrupted before it has the lock
     */
    Held acquire(Deadline deadline) throws ForebayException {
        acquireFromThreads(deadline);
        boolean acquired = false;
        try {
            FileLock lock = acquireFromProcesses(deadline);
            acquired = true;
            return () -> release(lock);
        } catch (IOException failure) {
            throw Disk.failed("cannot lock the container", file, failure);
        } finally {
            if (!acquired) {
                threads.unlock();
            }
        }
    }

    private void acquireFromThreads(Deadline deadline) throws ForebayException {
        try {
            if (!threads.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private FileLock acquireFromProcesses(Deadline deadline) throws IOException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            if (closed) {
                throw new ForebayException.Unavailable("the store is closed");
            }
            FileLock lock = tryLock();
            if (lock != null) {
                return lock;
            }
            if (deadline.passed()) {
                throw busy();
            }
            try {
                clock.sleep(pause);
            } catch (InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private @Nullable FileLock tryLock() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            // A channel that is used by an interrupted thread closes itself, and with it every lock of this process.
            throw new ForebayException.Interrupted("interrupted while it waited for the lock of the container");
        }
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = open;
        }
        try {
            return open.tryLock();
        } catch (OverlappingFileLockException heldByAnotherStoreOfThisProcess) {
            return null;
        }
    }

    private void release(FileLock lock) {
        try {
            lock.release();
        } catch (ClosedChannelException alreadyFree) {
            log.debug("lock was free already file={}", file);
        } catch (IOException failure) {
            log.warn("lock not released, closing its file instead file={} reason={}", file, failure.getMessage());
            closeChannel();
        } finally {
            threads.unlock();
        }
    }

    private ForebayException busy() {
        return new ForebayException.Unavailable("other changes kept the container locked at " + file);
    }

    private static ForebayException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ForebayException.Interrupted("interrupted while it waited for the lock of the container", cause);
    }

    /** Gives back the file. Whoever waits for the lock fails. */
    @Override
    public void close() {
        try (Held _ = acquire(Deadline.after(CLOSING_LIMIT, clock))) {
            closed = true;
            closeChannel();
        } catch (ForebayException notAcquired) {
            log.warn("lock file left open file={} reason={}", file, notAcquired.getMessage());
        }
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException failure) {
            log.warn("lock file not closed file={} reason={}", file, failure.getMessage());
        }
    }
}
