package io.forebay.cache;

/**
 * What reads without a pattern have asked for, region by region, and what waiting for them has cost so far. It decides
 * when fetching more than they ask for pays.
 *
 * <p>Regions are remembered in a table of fixed size in which one replaces another: 1,024 regions of 4 MiB, so that nothing
 * is forgotten of a file of up to 4 GiB, and of larger ones only what is read too rarely to matter.
 */
final class RandomReads {
    static final long REGION_BYTES = 4 << 20;

    private static final int REGIONS = 1_024;
    /** No region is fetched whole unless that is at most so many bytes for each byte that was asked for. */
    private static final int MOST_BYTES_PER_BYTE = 16;
    /** And unless readers came for this share of its pages. */
    private static final int PART_OF_PAGES = 4;
    /** So many misses are not the index and the footer of a file of which the rest is not wanted. */
    private static final int FILL_MISSES = 16;
    /** Filling begins when waiting has taken this share of the time that it needs. */
    private static final double PART_OF_FILLING = 1.0 / 8;

    private final CacheSettings settings;
    private final FetchBudget budget;
    /** Which region is where, plus one; made when the first random read comes. Guarded by this, like what follows. */
    private long[] regions = {};

    private long[] askedBytes = {};
    private int misses;
    private long waitedNanos;

    RandomReads(CacheSettings settings, FetchBudget budget) {
        this.settings = settings;
        this.budget = budget;
    }

    /** Takes note of a read, and returns how much was asked for of its region by now. */
    synchronized long note(long offset, long length) {
        if (regions.length == 0) {
            regions = new long[REGIONS];
            askedBytes = new long[REGIONS];
        }
        long region = offset / REGION_BYTES;
        int slot = (int) (region % REGIONS);
        if (regions[slot] != region + 1) {
            regions[slot] = region + 1;
            askedBytes[slot] = 0;
        }
        askedBytes[slot] += length;
        return askedBytes[slot];
    }

    /** Whether to fetch all of a region, having it as a part of {@code presentPages} of {@code pages}. */
    static boolean paysWhole(long askedBytes, long presentPages, long pages) {
        return presentPages < pages
                && presentPages * PART_OF_PAGES >= pages
                && pages * PageMap.PAGE_BYTES <= askedBytes * MOST_BYTES_PER_BYTE;
    }

    /** Takes note of a read that had to wait. */
    synchronized void missed(long nanos) {
        misses++;
        waitedNanos += nanos;
    }

    /** Whether to fetch all that is missing of the file, there being {@code freeBytes} of disk for it. */
    synchronized boolean paysFilling(long missingBytes, long freeBytes) {
        return misses >= FILL_MISSES
                && missingBytes > 0
                && missingBytes <= settings.fill().bytes()
                && missingBytes <= freeBytes / 2
                && waitedNanos >= PART_OF_FILLING * budget.speed().nanosFor(missingBytes, budget.fillingFetches());
    }
}
