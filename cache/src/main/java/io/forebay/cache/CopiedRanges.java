package io.forebay.cache;

import io.forebay.blob.BlobStore;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a content was copied from versions in the store. Ranges that go on where the last one ends are one, as long as the
 * store copies so much at once. Not safe for use by many threads.
 */
final class CopiedRanges {
    /** A terabyte of whole ones; what comes after so many is sent. */
    private static final int MOST = 10_000;

    private final List<CopiedRange> ranges = new ArrayList<>();

    /** Takes note of one more; what it covers in part is forgotten. */
    void add(CopiedRange range) {
        ranges.removeIf(range::overlaps);
        CopiedRange last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null
                && last.isFollowedBy(range)
                && last.lengthBytes() + range.lengthBytes() <= BlobStore.MAX_COPIED_BLOCK_BYTES) {
            ranges.set(ranges.size() - 1, last.with(range));
        } else if (ranges.size() < MOST) {
            ranges.add(range);
        }
    }

    List<CopiedRange> all() {
        return List.copyOf(ranges);
    }

    long lengthBytes() {
        return ranges.stream().mapToLong(CopiedRange::lengthBytes).sum();
    }

    void clear() {
        ranges.clear();
    }
}
