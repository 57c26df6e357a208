package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The disks of one cache, in the order in which they were named. New content goes where most is free. */
final class CacheDisks implements AutoCloseable {
    private final List<CacheDisk> disks;
    /** For each disk how much of its share it has not yet had; guarded by this. */
    private final double[] credits;

    private CacheDisks(List<CacheDisk> disks) {
        this.disks = List.copyOf(disks);
        this.credits = new double[disks.size()];
    }

    /** Takes all of {@code folders}, or none. */
    static CacheDisks open(
            List<Path> folders, ByteSize reserve, CacheDisk.Rooms rooms, Boot boot, Clock clock, Metrics metrics)
            throws ForebayException {
        if (folders.isEmpty()) {
            throw new IllegalArgumentException("a cache needs a folder");
        }
        List<CacheDisk> opened = new ArrayList<>();
        boolean all = false;
        try {
            for (Path folder : folders) {
                opened.add(CacheDisk.open(folder, reserve, rooms, boot, clock, metrics));
            }
            all = true;
            return new CacheDisks(opened);
        } finally {
            if (!all) {
                opened.forEach(CacheDisk::close);
            }
        }
    }

    /** Says how much each disk may hold, from what is free there now. */
    void limit(EvictionSettings settings) {
        long all = working().stream().mapToLong(CacheDisks::availableBytes).sum();
        for (CacheDisk disk : working()) {
            disk.room().setLimitBytes(settings.limitBytes(availableBytes(disk), all));
        }
    }

    private static long availableBytes(CacheDisk disk) {
        return disk.directory().freeBytes() + disk.slots().restingBytes();
    }

    /** Those that have not failed. */
    List<CacheDisk> working() {
        return disks.stream().filter(disk -> !disk.hasFailed()).toList();
    }

    /** Those that were taken out. */
    List<CacheDisk> failed() {
        return disks.stream().filter(CacheDisk::hasFailed).toList();
    }

    /** A counter: entries that were not what they must be. */
    long damaged() {
        return disks.stream().mapToLong(CacheDisk::damaged).sum();
    }

    /** A counter: contents that were given up for others, or for being old. */
    long evictedFiles() {
        return disks.stream().mapToLong(disk -> disk.room().evictedFiles()).sum();
    }

    /** A counter: the bytes of those, in whole blocks of the file system. */
    long evictedBytes() {
        return disks.stream().mapToLong(disk -> disk.room().evictedBytes()).sum();
    }

    int resting() {
        return working().stream().mapToInt(disk -> disk.slots().resting()).sum();
    }

    long freeBytes() {
        return working().stream()
                .mapToLong(disk -> disk.directory().freeBytes())
                .sum();
    }

    long totalBytes() {
        return working().stream()
                .mapToLong(disk -> disk.directory().totalBytes())
                .sum();
    }

    /** Where the content of that key rests, taken out of there; null if it rests nowhere. */
    @Nullable
    Place find(VersionKey key, BlobVersion version) {
        for (CacheDisk disk : working()) {
            Place found = disk.find(key, version);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether some content of that key rests, as far as can be told from the beginning of the key. */
    boolean isResting(VersionKey key) {
        return working().stream().anyMatch(disk -> disk.slots().isResting(key.first()));
    }

    /** Whether so many pages of that key rest somewhere, as far as can be told from the beginning of the key. */
    boolean isResting(VersionKey key, long pages) {
        for (CacheDisk disk : disks) {
            if (!disk.hasFailed() && disk.slots().pagesOf(key.first()) >= pages) {
                return true;
            }
        }
        return false;
    }

    /** A place for content of {@code version}, with an empty file; what arrives of it is written down. */
    Place newPlace(BlobVersion version) throws ForebayException {
        return onNext(disk -> disk.newPlace(version));
    }

    /**
     * A place for content that may be changed, with an empty file.
     *
     * @throws ForebayException.NoSpace if no more than the reserve is free on the disk whose turn it is
     */
    Place newHiddenPlace(@Nullable BlobVersion version) throws ForebayException {
        return onNext(disk -> {
            disk.directory().requireSpace();
            return disk.newHiddenPlace(version);
        });
    }

    /** Something to be done on a disk. */
    @FunctionalInterface
    private interface Making {
        Place on(CacheDisk disk) throws ForebayException;
    }

    private Place onNext(Making making) throws ForebayException {
        while (true) {
            CacheDisk disk = next();
            try {
                return making.on(disk);
            } catch (ForebayException failure) {
                if (!disk.hasFailed()) {
                    throw failure;
                }
            }
        }
    }

    /**
     * The disk for the next content: each gets as large a part of all contents as it has of all free space.
     *
     * @throws ForebayException.Unavailable if every disk has failed
     */
    private CacheDisk next() throws ForebayException {
        if (disks.size() == 1 && !disks.getFirst().hasFailed()) {
            return disks.getFirst();
        }
        return choose(someWorking());
    }

    /**
     * One that has not failed.
     *
     * @throws ForebayException.Unavailable if every disk has failed
     */
    CacheDisk anyWorking() throws ForebayException {
        return someWorking().getFirst();
    }

    private List<CacheDisk> someWorking() throws ForebayException {
        List<CacheDisk> working = working();
        if (working.isEmpty()) {
            throw new ForebayException.Unavailable("the disks of all cache paths have failed: "
                    + disks.stream().map(disk -> disk.path().toString()).toList()
                    + "; repair one and mount again");
        }
        return working;
    }

    private synchronized CacheDisk choose(List<CacheDisk> working) {
        double all = 0;
        CacheDisk best = working.getFirst();
        int bestAt = disks.indexOf(best);
        for (CacheDisk disk : working) {
            int at = disks.indexOf(disk);
            double free = Math.max(1, disk.directory().roomBytes());
            all += free;
            credits[at] += free;
            if (credits[at] > credits[bestAt]) {
                best = disk;
                bestAt = at;
            }
        }
        credits[bestAt] -= all;
        return best;
    }

    @Override
    public void close() {
        disks.forEach(CacheDisk::close);
    }
}
