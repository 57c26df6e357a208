package io.forebay.cache;

import io.forebay.base.ByteSize;
import java.time.Duration;
import java.util.Optional;

/**
 * When content that nobody has open is given up.
 *
 * @param size the most that the cache holds on all its disks; empty for four fifths of what is free when it starts, what
 *     it holds then counted as free
 * @param highMark at how many hundredths of that size eviction begins
 * @param lowMark and at how many it ends
 * @param minFree what stays free of each disk, whoever filled it; empty for a tenth of the disk
 * @param timeToLive what was not used for so long is given up in any case; empty for never
 */
public record EvictionSettings(
        Optional<ByteSize> size, int highMark, int lowMark, Optional<ByteSize> minFree, Optional<Duration> timeToLive) {
    /** As BlobFuse2 has them, but for the time to live, which makes no room that anybody needs. */
    public static final EvictionSettings DEFAULTS =
            new EvictionSettings(Optional.empty(), 90, 80, Optional.empty(), Optional.empty());

    private static final int DEFAULT_PERCENT = 80;
    private static final int FREE_PART = 10;

    public EvictionSettings {
        if (lowMark < 1 || lowMark > highMark || highMark > 100) {
            throw new IllegalArgumentException(
                    "marks are hundredths, the low one not above the high one: " + lowMark + " and " + highMark);
        }
        if (timeToLive.isPresent() && !timeToLive.get().isPositive()) {
            throw new IllegalArgumentException("content needs time to live, not " + timeToLive.get());
        }
    }

    /**
     * The most that one disk holds.
     *
     * @param availableBytes what is free there, and what the cache holds there
     * @param allAvailableBytes the same of all disks together
     */
    long limitBytes(long availableBytes, long allAvailableBytes) {
        double share = (double) availableBytes / Math.max(1, allAvailableBytes);
        return size.map(whole -> (long) (whole.bytes() * share)).orElse(availableBytes / 100 * DEFAULT_PERCENT);
    }

    long minFreeBytes(long diskBytes) {
        return minFree.map(ByteSize::bytes).orElse(diskBytes / FREE_PART);
    }
}
