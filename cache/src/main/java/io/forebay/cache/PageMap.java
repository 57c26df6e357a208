package io.forebay.cache;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which pages of a file are on local disk, a page being 64 KiB at a multiple of 64 KiB.
 *
 * <p>Only the part of a file that comes from its version can be missing: the bytes below {@link #originBytes()}. Every
 * page that begins at or behind it was written here, or reads as zeros, and counts as present. That end only ever moves
 * down, and a page once present stays so, but for {@link #markMissing}; hence "present" is an answer that holds for as long
 * as the bytes are held.
 *
 * <p>Memory grows with what is present, 8 KiB for each 4 GiB. Not safe for use by many threads.
 */
final class PageMap {
    static final int PAGE_BYTES = 64 << 10;

    /** 65,536 pages are one bitmap: 4 GiB of content. */
    private static final int CHUNK_PAGES = 1 << 16;

    private final Map<Long, BitSet> chunks = new HashMap<>();
    private long originBytes;

    PageMap(long originBytes) {
        this.originBytes = originBytes;
    }

    /** The page that holds the byte at {@code offset}. */
    static long pageOf(long offset) {
        return offset / PAGE_BYTES;
    }

    /** The first page that begins at or behind {@code offset}. */
    static long pagesUpTo(long offset) {
        return Math.ceilDiv(offset, PAGE_BYTES);
    }

    /** Where the part ends that comes from the version. */
    long originBytes() {
        return originBytes;
    }

    /** Says that from {@code offset} on nothing comes from the version any more. */
    void cutOrigin(long offset) {
        originBytes = Math.min(originBytes, offset);
    }

    boolean isPresent(long page) {
        return firstMissing(page, page + 1) > page;
    }

    /** Says that the pages from {@code from} up to, not including, {@code to} are on disk. */
    void markPresent(long from, long to) {
        long end = Math.min(to, pagesUpTo(originBytes));
        for (long page = from; page < end; ) {
            long chunkEnd = Math.min(end, (page / CHUNK_PAGES + 1) * CHUNK_PAGES);
            BitSet chunk = chunks.computeIfAbsent(page / CHUNK_PAGES, _ -> new BitSet());
            chunk.set((int) (page % CHUNK_PAGES), (int) (page % CHUNK_PAGES + (chunkEnd - page)));
            page = chunkEnd;
        }
    }

    /** Says that the pages from {@code from} up to, not including, {@code to}, which are present, are so no more. */
    void markMissing(long from, long to) {
        for (long page = from; page < to; ) {
            long chunkEnd = Math.min(to, (page / CHUNK_PAGES + 1) * CHUNK_PAGES);
            BitSet chunk = chunks.get(page / CHUNK_PAGES);
            if (chunk != null) {
                chunk.clear((int) (page % CHUNK_PAGES), (int) (page % CHUNK_PAGES + (chunkEnd - page)));
            }
            page = chunkEnd;
        }
    }

    /** How many pages from {@code from} up to, not including, {@code to} come from the version and are on disk. */
    long countPresent(long from, long to) {
        long end = Math.min(to, pagesUpTo(originBytes));
        long count = 0;
        for (long page = firstPresent(from, end); page < end; ) {
            long gap = firstMissing(page, end);
            count += gap - page;
            page = firstPresent(gap, end);
        }
        return count;
    }

    /** The first page from {@code from} on that is missing, or {@code to} if none before it is. */
    long firstMissing(long from, long to) {
        long end = Math.min(to, pagesUpTo(originBytes));
        for (long page = from; page < end; ) {
            BitSet chunk = chunks.get(page / CHUNK_PAGES);
            if (chunk == null) {
                return page;
            }
            long chunkStart = page / CHUNK_PAGES * CHUNK_PAGES;
            long clear = chunkStart + chunk.nextClearBit((int) (page - chunkStart));
            if (clear < chunkStart + CHUNK_PAGES) {
                return clear < end ? clear : to;
            }
            page = chunkStart + CHUNK_PAGES;
        }
        return to;
    }

    /** The first page from {@code from} on that is present, or {@code to} if none before it is. */
    long firstPresent(long from, long to) {
        long end = Math.min(to, pagesUpTo(originBytes));
        for (long page = from; page < end; ) {
            long chunkStart = page / CHUNK_PAGES * CHUNK_PAGES;
            BitSet chunk = chunks.get(page / CHUNK_PAGES);
            int set = chunk == null ? -1 : chunk.nextSetBit((int) (page - chunkStart));
            if (set >= 0) {
                return Math.min(end, chunkStart + set);
            }
            page = chunkStart + CHUNK_PAGES;
        }
        return Math.max(from, end);
    }

    /** How many bytes are not on disk. */
    long missingBytes() {
        long pages = pagesUpTo(originBytes);
        long missing = pages;
        for (Map.Entry<Long, BitSet> chunk : chunks.entrySet()) {
            long counted = Math.clamp(pages - chunk.getKey() * CHUNK_PAGES, 0, CHUNK_PAGES);
            missing -= chunk.getValue().get(0, (int) counted).cardinality();
        }
        boolean lastIsMissing = pages > 0 && !isPresent(pages - 1);
        return missing * PAGE_BYTES - (lastIsMissing ? pages * PAGE_BYTES - originBytes : 0);
    }
}
