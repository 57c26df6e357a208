package io.forebay.cache;

import io.forebay.base.ByteSize;
import java.time.Duration;

/**
 * How much is fetched at a time, how much at once, and how much disk stays free.
 *
 * @param firstFetch the first fetch of a file that is read from its start, and the smallest one ahead of a reader
 * @param smallFile a file of up to this size is fetched whole by the first read of it: one request, whatever is read next
 * @param largestFetch what fetches grow to while reading goes on; no fetch is larger
 * @param demandFetches how many fetches that somebody waits for may run at once, in the whole cache
 * @param prefetches how many fetches that nobody asked for yet may run at once, in the whole cache
 * @param prefetchBytes how much they may have under way, in the whole cache, and how far any of them is ahead of a reader
 * @param fill the most that may be missing of a file that is read at random for the rest of it to be fetched too; 0 for
 *     never
 * @param fetchLimit the time that one fetch may take
 * @param reserve what the cache leaves free on its disk when it starts and when it creates a file
 */
public record CacheSettings(
        ByteSize firstFetch,
        ByteSize smallFile,
        ByteSize largestFetch,
        int demandFetches,
        int prefetches,
        ByteSize prefetchBytes,
        ByteSize fill,
        Duration fetchLimit,
        ByteSize reserve) {
    /**
     * 128 MiB are 32 fetches of 4 MiB: at 60 MB/s a connection, which is what Azure gives one, some 1.5 GB/s. Of small
     * files 48 are on their way: at 20 ms each some 2,000 in a second. With those that
     * somebody waits for they are fewer than the connections of a store (128).
     */
    public static final CacheSettings DEFAULTS = new CacheSettings(
            new ByteSize(256 << 10),
            ByteSize.ofMebibytes(1),
            ByteSize.ofMebibytes(4),
            64,
            48,
            ByteSize.ofMebibytes(128),
            ByteSize.ofMebibytes(8 << 10),
            Duration.ofMinutes(2),
            ByteSize.ofMebibytes(16));

    public CacheSettings {
        if (firstFetch.bytes() < PageMap.PAGE_BYTES || largestFetch.compareTo(firstFetch) < 0) {
            throw new IllegalArgumentException("fetches begin with one page of 64KiB or more and then grow, not "
                    + firstFetch + " to " + largestFetch);
        }
        if (demandFetches < 1 || prefetches < 0) {
            throw new IllegalArgumentException("at least one fetch must be able to run");
        }
        if (!fetchLimit.isPositive()) {
            throw new IllegalArgumentException("a fetch needs time, not " + fetchLimit);
        }
    }

    /** These settings with another limit of {@code fill} and of {@code prefetchBytes}. */
    public CacheSettings withPrefetch(ByteSize prefetchLimit, ByteSize fillLimit) {
        return new CacheSettings(
                firstFetch,
                smallFile,
                largestFetch,
                demandFetches,
                prefetchLimit.bytes() == 0 ? 0 : prefetches,
                prefetchLimit,
                fillLimit,
                fetchLimit,
                reserve);
    }

    /** These settings with another time limit of a fetch. */
    public CacheSettings withFetchLimit(Duration limit) {
        return new CacheSettings(
                firstFetch, smallFile, largestFetch, demandFetches, prefetches, prefetchBytes, fill, limit, reserve);
    }
}
