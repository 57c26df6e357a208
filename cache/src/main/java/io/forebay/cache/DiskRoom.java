package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How much one cache disk may hold and does, and who waits for room there.
 *
 * <p>What it holds is counted now and then, by the thread that evicts; what is on its way and what has arrived since is
 * added to that. So the sum can be too high for a moment, never too low for what is fetched, and no path that adds or
 * removes bytes has to keep books.
 */
final class DiskRoom {
    /** While eviction makes progress; who waited in vain so long is served without the disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** While uploads make progress, each of which takes its time; who waited in vain so long has no room. */
    private static final Duration LONGEST_UPLOAD = Duration.ofMinutes(1);

    /** What was uploaded may be in somebody's hands a moment longer. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** Eviction that begins because too little is free ends with a quarter more, so that it does not begin again at once. */
    private static final int MORE_PART = 4;

    private final CacheDirectory directory;
    private final EvictionSettings settings;
    private final Runnable wakeEviction;
    private final Clock clock;
    private final long minFreeBytes;
    private volatile long limitBytes = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by {@link #lock}, like what follows. */
    private long countedBytes;

    /** What rests there and may not be given up. */
    private long pinnedBytes;

    /** What is on its way. */
    private long admittedBytes;
    /** What has arrived since counting last began. */
    private long arrivedBytes;
    /** What those want who wait. */
    private long wantedBytes;
    /** There is nothing that could be given up, as of the last round. */
    private boolean exhausted;

    private long evictedFiles;
    private long evictedBytes;
    private long rounds;
    /** Contents that were on this disk only, and can be given up by now. */
    private long uploads;

    DiskRoom(CacheDirectory directory, EvictionSettings settings, Runnable wakeEviction, Clock clock) {
        this.directory = directory;
        this.settings = settings;
        this.wakeEviction = wakeEviction;
        this.clock = clock;
        this.minFreeBytes = settings.minFreeBytes(directory.totalBytes());
    }

    void setLimitBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    long limitBytes() {
        return limitBytes;
    }

    /**
     * Lets in bytes that are about to be fetched; waits for eviction to make room for them.
     *
     * @throws ForebayException.NoSpace if there is none, and none to be made soon
     */
    void require(long bytes) throws ForebayException {
        if (admit(bytes)) {
            if (isAboveHighMark()) {
                wakeEviction.run();
            }
            return;
        }
        Deadline deadline = Deadline.after(PATIENCE, clock);
        lock.lock();
        try {
            wantedBytes += bytes;
            long round = rounds;
            wakeEviction.run();
            while (!admit(bytes)) {
                boolean tried = exhausted && rounds > round + 1; // a whole round since we asked
                if (tried || deadline.passed()) {
                    throw new ForebayException.NoSpace("cache disk full: " + directory.path() + " has "
                            + new ByteSize(directory.freeBytes()) + " free, and all that is there is in use");
                }
                changed.awaitNanos(TimeUnit.NANOSECONDS.convert(deadline.remaining()));
                if (rounds <= round + 1) {
                    wakeEviction.run();
                }
            }
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        } finally {
            wantedBytes -= bytes;
            lock.unlock();
        }
    }

    /** Bytes that were let in have arrived, or will not come. */
    void arrived(long bytes) {
        lock.lock();
        try {
            admittedBytes -= bytes;
            arrivedBytes += bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that had arrived were given back. */
    void released(long bytes) {
        lock.lock();
        try {
            arrivedBytes -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The most that it can hold of what is not pinned. */
    long mostBytes() {
        lock.lock();
        try {
            return Math.max(0, limitBytes - pinnedBytes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@code bytes} more would have eviction begin. */
    boolean isTight(long bytes) {
        lock.lock();
        try {
            return heldBytes() + bytes > markBytes(settings.highMark());
        } finally {
            lock.unlock();
        }
    }

    /** The caller has the lock. */
    private long heldBytes() {
        return countedBytes + admittedBytes + arrivedBytes;
    }

    private boolean admit(long bytes) {
        boolean free = directory.freeBytes() - bytes >= minFreeBytes / 2;
        lock.lock();
        try {
            boolean fits = free && heldBytes() + bytes <= limitBytes;
            if (fits) {
                admittedBytes += bytes;
            }
            return fits;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until eviction has looked here once more, and says whether it gave up something. */
    boolean relieve() throws ForebayException {
        Deadline deadline = Deadline.after(PATIENCE, clock);
        lock.lock();
        try {
            long before = evictedFiles;
            long round = rounds;
            while (rounds <= round + 1 && evictedFiles == before && !deadline.passed()) {
                wakeEviction.run();
                changed.awaitNanos(TimeUnit.NANOSECONDS.convert(deadline.remaining()));
            }
            return evictedFiles > before;
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        } finally {
            lock.unlock();
        }
    }

    /** Something that was here only is in the store, or is wanted no more. */
    void uploaded() {
        lock.lock();
        try {
            uploads++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How often {@link #uploaded} was called. */
    long uploads() {
        lock.lock();
        try {
            return uploads;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@link #uploads} is more than {@code before}; false if that takes too long. */
    boolean awaitUpload(long before) throws ForebayException {
        Deadline deadline = Deadline.after(LONGEST_UPLOAD, clock);
        lock.lock();
        try {
            while (uploads == before && !deadline.passed()) {
                changed.awaitNanos(TimeUnit.NANOSECONDS.convert(deadline.remaining()));
            }
            return uploads != before;
        } catch (InterruptedException stop) {
            throw interrupted(stop);
        } finally {
            lock.unlock();
        }
    }

    /** {@link #relieve}, until something was given up, or for a while. */
    void relieveSoon() throws ForebayException {
        Deadline deadline = Deadline.after(PATIENCE, clock);
        while (!relieve()) {
            if (deadline.passed()) {
                return;
            }
            lock.lock();
            try {
                changed.awaitNanos(BETWEEN_LOOKS.toNanos());
            } catch (InterruptedException stop) {
                throw interrupted(stop);
            } finally {
                lock.unlock();
            }
        }
    }

    private static ForebayException interrupted(InterruptedException stop) {
        Thread.currentThread().interrupt();
        return new ForebayException.Interrupted("interrupted while waiting for room on the cache disk", stop);
    }

    // ---- for the thread that evicts ----------------------------------------------------------------------------

    /** Counts what the disk holds. What arrives while that is done counts twice until the next time. */
    void count(LongSupplier bytes, LongSupplier pinned) {
        long before;
        lock.lock();
        try {
            before = arrivedBytes;
        } finally {
            lock.unlock();
        }
        long now = bytes.getAsLong();
        long pinnedNow = pinned.getAsLong();
        lock.lock();
        try {
            countedBytes = now;
            pinnedBytes = pinnedNow;
            arrivedBytes -= before;
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits for room. */
    boolean isWanted() {
        lock.lock();
        try {
            return wantedBytes > 0;
        } finally {
            lock.unlock();
        }
    }

    boolean isAboveHighMark() {
        return isAbove(settings.highMark(), minFreeBytes);
    }

    boolean isAboveLowMark() {
        return isAbove(settings.lowMark(), minFreeBytes + minFreeBytes / MORE_PART);
    }

    /** The marks are parts of what is not pinned, so that much that is does not push out all the rest. */
    private long markBytes(int mark) {
        return pinnedBytes + Math.max(0, limitBytes - pinnedBytes) / 100 * mark;
    }

    private boolean isAbove(int mark, long free) {
        long freeNow = directory.freeBytes();
        lock.lock();
        try {
            return freeNow - wantedBytes < free || heldBytes() + wantedBytes > markBytes(mark);
        } finally {
            lock.unlock();
        }
    }

    void evicted(long bytes) {
        lock.lock();
        try {
            countedBytes = Math.max(0, countedBytes - bytes);
            evictedFiles++;
            evictedBytes += bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @param nothingLeft whether nothing more could be given up */
    void roundEnded(boolean nothingLeft) {
        lock.lock();
        try {
            exhausted = nothingLeft;
            rounds++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- gauges ------------------------------------------------------------------------------------------------

    long evictedFiles() {
        lock.lock();
        try {
            return evictedFiles;
        } finally {
            lock.unlock();
        }
    }

    long evictedBytes() {
        lock.lock();
        try {
            return evictedBytes;
        } finally {
            lock.unlock();
        }
    }
}
