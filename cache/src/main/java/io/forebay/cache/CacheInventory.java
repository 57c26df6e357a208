package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is in a cache, for whoever looks after it rather than reads from it. Nothing here asks a store, and nothing here
 * touches content that somebody has open or that is not committed.
 */
public interface CacheInventory {
    /** How many bytes of {@code version} are on local disk now; 0 if the cache does not know it. */
    long presentBytes(BlobVersion version);

    /**
     * Shows every version of which something is here and whose blob name is wanted. What comes or goes meanwhile may be
     * shown or not. Of names of more than some 360 bytes that rest, only the beginning is known, and that is asked for.
     *
     * @param container whose blobs, as {@link BlobVersion#container} names it
     */
    void visit(String container, Predicate<String> names, Consumer<Entry> visitor) throws ForebayException;

    /**
     * Removes content from local disk, unless somebody has it open.
     *
     * @param entry as {@link #visit} showed it
     */
    Removal remove(Entry entry);

    /**
     * Says that eviction may give it up again.
     *
     * @param entry as {@link #visit} showed it
     * @return false if it is not there any more, or somebody opened or closed it meanwhile: look again then
     */
    boolean unpin(Entry entry) throws ForebayException;

    /** What there is in all. */
    CacheFigures figures();

    /** A version of which something is here. */
    interface Entry {
        /** The name of its blob. */
        String name();

        /** How much of it is here. */
        long presentBytes();

        /** Whether eviction leaves it alone. */
        boolean isPinned();

        /** When it was last used or pinned, in seconds since 1970, as far as it is written down: up to a minute late. */
        long lastUseSeconds();
    }

    /** What became of content that was to be removed. */
    enum Removal {
        REMOVED,
        /** Somebody has it open: it stays. */
        IN_USE,
        /** It is pinned: it stays. */
        PINNED,
        ABSENT
    }
}
