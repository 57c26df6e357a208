package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.List;

/**
 * What an operator can do about the cached content of a tree, by path.
 *
 * <p>Every method works on the calling thread and on threads that end before it returns, may take as long as the content
 * takes, and stops soon after its thread is interrupted. Watch {@code progress} from another thread.
 */
public interface CacheSteering {
    /**
     * Brings files into the cache.
     *
     * @throws ForebayException.NoSpace if the cache cannot hold it all
     * @throws ForebayException.Interrupted if the thread was interrupted; what came by then stays
     */
    void warm(Selection what, SteeringProgress progress) throws ForebayException;

    /**
     * Brings files into the cache as {@link #warm} does, and has eviction leave them alone from then on. What else was
     * pinned at or below {@code what}, for having been replaced or deleted since, is pinned no more, unless something failed.
     *
     * @throws ForebayException.NoSpace if the cache cannot hold it all
     * @throws ForebayException.Interrupted if the thread was interrupted; what was pinned by then stays so
     */
    void pin(Selection what, SteeringProgress progress) throws ForebayException;

    /** Lets eviction give up again what was pinned at or below {@code what}; asks no store. */
    void unpin(Selection what, SteeringProgress progress) throws ForebayException;

    /** Looks which files are in the cache, whole; those that are not are neither done nor failed. Fetches nothing. */
    void check(Selection what, SteeringProgress progress) throws ForebayException;

    /** Drops what the cache has of files, older versions included; asks no store. What is open, unsaved or pinned stays. */
    void evict(Selection what, SteeringProgress progress) throws ForebayException;

    /**
     * What the cache holds at or below {@code what}.
     *
     * @param most how many groups to tell of
     */
    CacheReport report(Selection what, int most) throws ForebayException;

    /**
     * What a cache holds.
     *
     * @param disks where
     * @param failedDisks where it was, until the disk failed
     * @param resting versions that nobody has open
     * @param inUse contents that somebody has open
     * @param evictedFiles versions that were given up since the mount
     * @param evictedBytes their bytes
     * @param damaged entries that were found to be not what they must be
     * @param files versions of which something is here, among those asked for
     * @param bytes how much of them
     * @param pinnedFiles how many of them are pinned
     * @param pinnedBytes how much of those is here
     * @param largest those with most bytes: directories, and files that lie beside them
     */
    record CacheReport(
            List<Disk> disks,
            List<FailedDisk> failedDisks,
            long resting,
            long inUse,
            long evictedFiles,
            long evictedBytes,
            long damaged,
            long files,
            long bytes,
            long pinnedFiles,
            long pinnedBytes,
            List<Group> largest) {
        public CacheReport {
            disks = List.copyOf(disks);
            failedDisks = List.copyOf(failedDisks);
            largest = List.copyOf(largest);
        }
    }

    /**
     * A folder of the cache.
     *
     * @param limitBytes the most that the cache holds there
     * @param restingBytes what rests there
     * @param pinnedBytes how much of that is pinned
     * @param freeBytes of its disk
     * @param totalBytes of its disk
     */
    record Disk(String path, long limitBytes, long restingBytes, long pinnedBytes, long freeBytes, long totalBytes) {}

    /**
     * A folder of the cache that is used no more.
     *
     * @param reason what the system said
     */
    record FailedDisk(String path, String reason) {}

    /**
     * A directory with all that is in it, or a file.
     *
     * @param path from the root of the tree; that of a directory ends in a slash
     */
    record Group(String path, long files, long bytes) {}
}
