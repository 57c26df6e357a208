package io.forebay.cache;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which pages of a content may be others than in the version that it comes from. Where somebody writes whom we do not see,
 * that is all of them.
 *
 * <p>Memory grows with what was changed. Not safe for use by many threads.
 */
final class ChangedPages {
    private static final int CHUNK_PAGES = 1 << 16;

    /** Shows a run of pages. */
    @FunctionalInterface
    interface Runs {
        void run(long from, long to);
    }

    private final Map<Long, BitSet> chunks = new HashMap<>();
    private boolean all;

    void mark(long from, long to) {
        for (long page = from; page < to && !all; ) {
            long start = page / CHUNK_PAGES * CHUNK_PAGES;
            long end = Math.min(to, start + CHUNK_PAGES);
            chunks.computeIfAbsent(start, _ -> new BitSet()).set((int) (page - start), (int) (end - start));
            page = end;
        }
    }

    void markAll() {
        all = true;
        chunks.clear();
    }

    void clear() {
        all = false;
        chunks.clear();
    }

    boolean isAll() {
        return all;
    }

    /** Whether none of the pages from {@code from} up to, not including, {@code to} is marked. */
    boolean isNone(long from, long to) {
        if (all) {
            return from >= to;
        }
        for (long page = from; page < to; ) {
            long start = page / CHUNK_PAGES * CHUNK_PAGES;
            long end = Math.min(to, start + CHUNK_PAGES);
            BitSet chunk = chunks.get(start);
            int next = chunk == null ? -1 : chunk.nextSetBit((int) (page - start));
            if (next >= 0 && start + next < end) {
                return false;
            }
            page = end;
        }
        return true;
    }

    /** Shows what is marked, page by page or more, unless that is all. */
    void each(Runs runs) {
        chunks.forEach((start, chunk) -> {
            for (int from = chunk.nextSetBit(0); from >= 0; ) {
                int to = chunk.nextClearBit(from);
                runs.run(start + from, start + to);
                from = chunk.nextSetBit(to);
            }
        });
    }
}
