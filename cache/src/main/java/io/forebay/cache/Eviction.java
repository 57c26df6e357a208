package io.forebay.cache;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up what rests, where it is too much or too old; on a thread of its own, one content after the other, so that
 * nobody who reads waits for longer than a file takes to be removed.
 */
final class Eviction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

    /** Slots that are looked at with the lock of all slots held: some microseconds. */
    private static final int STEPS = 256;
    /** How soon it is noticed that others, or writers, fill the disk. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final CacheDisks disks;
    private final VersionTable table;
    private final EvictionSettings settings;
    private final Clock clock;
    /** At most one: a wish to look. */
    private final Semaphore wish;

    private final Thread thread;
    private volatile boolean stopped;
    /** Disks that were said to be full of what stays; touched by the thread alone. */
    private final Set<CacheDisk> warned = new HashSet<>();

    /** @param wish how others {@linkplain #wake ask} it to look */
    Eviction(CacheDisks disks, VersionTable table, EvictionSettings settings, Semaphore wish, Clock clock) {
        this.disks = disks;
        this.table = table;
        this.settings = settings;
        this.wish = wish;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("eviction").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Has it look soon; waits for nothing. */
    static void wake(Semaphore wish) {
        if (wish.availablePermits() == 0) {
            wish.release();
        }
    }

    /** Returns when it touches nothing any more. */
    @Override
    public void close() {
        stopped = true;
        wake(wish);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            for (CacheDisk disk : disks.working()) {
                try {
                    expire(disk);
                    disk.room().roundEnded(look(disk));
                } catch (RuntimeException unforeseen) {
                    LOG.error("eviction broke, and goes on cache_path={}", disk.path(), unforeseen);
                }
            }
            await();
        }
    }

    private void await() {
        try {
            boolean wished = wish.tryAcquire(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
            if (wished) {
                wish.drainPermits();
            }
        } catch (InterruptedException _) {
            LOG.debug("eviction was interrupted, and looks once more");
        }
    }

    /** @return whether it is still too much, and nothing more can be given up */
    private boolean look(CacheDisk disk) {
        DiskRoom room = disk.room();
        room.count(() -> disk.slots().restingBytes() + table.presentBytes(disk), () -> disk.slots()
                .pinnedBytes());
        if (!room.isAboveHighMark()) {
            return false;
        }
        while (!stopped && !disk.hasFailed() && room.isAboveLowMark()) {
            int slot = disk.slots().giveUpNext(STEPS);
            if (slot == DiskSlots.NONE) {
                warnOnceIfWanted(disk);
                return true;
            }
            if (slot != DiskSlots.LATER) {
                giveUp(disk, slot);
            }
        }
        return false;
    }

    /** Once for each disk and process: it would be said with every read. */
    private void warnOnceIfWanted(CacheDisk disk) {
        if (disk.room().isWanted() && warned.add(disk)) {
            LOG.warn(
                    "cache is full of what cannot be given up, and what else is read is not kept cache_path={}"
                            + " limit_bytes={} pinned_bytes={} in_use_bytes={} advice=raise --cache-size or unpin something",
                    disk.path(),
                    disk.room().limitBytes(),
                    disk.slots().pinnedBytes(),
                    table.presentBytes(disk));
        }
    }

    private void expire(CacheDisk disk) {
        if (settings.timeToLive().isEmpty()) {
            return;
        }
        long since = clock.now().minus(settings.timeToLive().get()).getEpochSecond();
        int count = disk.slots().count();
        for (int first = 0; first < count && !stopped && !disk.hasFailed(); ) {
            int slot = disk.slots().giveUpUnusedSince(since, first, STEPS);
            if (slot == DiskSlots.NONE) {
                first += STEPS;
            } else {
                giveUp(disk, slot);
            }
        }
    }

    private static void giveUp(CacheDisk disk, int slot) {
        long bytes = disk.slots().bytesOf(slot);
        disk.discard(slot);
        disk.room().evicted(bytes);
    }
}
