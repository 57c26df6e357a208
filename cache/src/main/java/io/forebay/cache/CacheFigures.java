package io.forebay.cache;

import java.nio.file.Path;
import java.util.List;

/**
 * How much a cache holds at a moment.
 *
 * @param disks where it keeps it; without those that failed
 * @param failed those, with the reasons
 * @param resting versions that nobody has open
 * @param inUse contents that somebody has open, those that are being written among them
 * @param evictedFiles versions that were given up since the start, for others or for being old
 * @param evictedBytes their bytes
 * @param damaged entries that were found to be not what they must be, and were left out
 */
public record CacheFigures(
        List<Disk> disks,
        List<FailedDisk> failed,
        long resting,
        long inUse,
        long evictedFiles,
        long evictedBytes,
        long damaged) {
    public CacheFigures {
        disks = List.copyOf(disks);
        failed = List.copyOf(failed);
    }

    /**
     * A folder that is used no more.
     *
     * @param reason what the system said
     */
    public record FailedDisk(Path path, String reason) {}

    /**
     * One folder for content.
     *
     * @param limitBytes the most that the cache holds there
     * @param restingBytes what rests there
     * @param pinnedBytes how much of that is pinned
     * @param freeBytes of the disk that it is on; 0 if that does not say
     * @param totalBytes of that disk; 0 if it does not say
     */
    public record Disk(
            Path path, long limitBytes, long restingBytes, long pinnedBytes, long freeBytes, long totalBytes) {}
}
