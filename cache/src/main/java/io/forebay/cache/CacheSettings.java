package io.forebay.cache;

import io.forebay.base.ByteSize;
import java.time.Duration;

/**
 * How much is fetched at a time, how much at once, and how much disk stays free.
 *
 * @param firstFetch the first fetch of a file that is read from its start
 * @param largestFetch what fetches grow to while reading is sequential; no fetch is larger
 * @param demandFetches how many fetches that somebody waits for may run at once, in the whole cache
 * @param prefetches how many fetches that nobody asked for yet may run at once, in the whole cache
 * @param fetchLimit the time that one fetch may take
 * @param reserve what the cache leaves free on its disk when it starts and when it creates a file
 */
public record CacheSettings(
        ByteSize firstFetch,
        ByteSize largestFetch,
        int demandFetches,
        int prefetches,
        Duration fetchLimit,
        ByteSize reserve) {
    public static final CacheSettings DEFAULTS = new CacheSettings(
            new ByteSize(256 << 10), ByteSize.ofMebibytes(8), 64, 8, Duration.ofMinutes(2), ByteSize.ofMebibytes(16));

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
}
