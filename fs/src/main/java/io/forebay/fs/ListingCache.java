package io.forebay.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers whole listings of directories, so that the next who lists one asks nobody. Bounded by their entries. */
final class ListingCache {
    /**
     * A directory as the store listed it, to the end.
     *
     * @param entries never changed; a cookie is a position in them
     * @param startedAtNanos when the store was asked first
     * @param entryChanges of the directory at that time
     */
    record Listing(List<DirectoryListing.Entry> entries, long startedAtNanos, long entryChanges) {}

    private final Cache<Long, Listing> listings;

    ListingCache(long maxEntries) {
        listings = Caffeine.newBuilder()
                .maximumWeight(maxEntries)
                .weigher((Long _, Listing listing) -> listing.entries().size())
                .executor(Runnable::run)
                .build();
    }

    void remember(Inode directory, Listing listing) {
        listings.put(directory.id(), listing);
    }

    /** What is still true of {@code directory}; null if that is not known. */
    @Nullable
    Listing find(Inode directory, long nowNanos, long validityNanos) {
        Listing known = listings.getIfPresent(directory.id());
        boolean stands = known != null
                && known.entryChanges() == directory.entryChanges()
                && directory.isComplete(nowNanos, validityNanos);
        return stands ? known : null;
    }

    void clear() {
        listings.invalidateAll();
    }
}
