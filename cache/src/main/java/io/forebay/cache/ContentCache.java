package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.util.List;

/**
 * Keeps content on local disk. All opens of one version share one {@link CachedContent}, so that every page is fetched
 * once whatever the number of readers.
 */
public interface ContentCache extends AutoCloseable {
    /** The content of a committed version; nothing is fetched yet. Close it when done; the last close may free it. */
    CachedContent open(BlobVersion version) throws ForebayException;

    /**
     * Starts to fetch all of {@code version} for whoever opens it soon, as far as there is room among the prefetches now.
     * Waits for nothing, and what is here already is not fetched again. A failure is not reported: whoever reads finds out.
     *
     * @return false, with nothing started, if there is no room, or if the version is too large to be fetched in one go
     */
    boolean prefetch(BlobVersion version);

    /**
     * Fetches what is missing of {@code version}, whoever has it open, and returns when all of it is here. It takes the
     * room of what nobody waits for, so that readers do not wait for it. If somebody changes it meanwhile, what he leaves of
     * it is fetched.
     *
     * @throws ForebayException.NoSpace if the cache disk is full
     */
    void bring(BlobVersion version, Deadline deadline) throws ForebayException;

    /**
     * Has eviction leave alone what is here of {@code version}, also in later processes, until
     * {@link CacheInventory#unpin}; what is being fetched of it is waited for. Content that is changed and committed while
     * it is pinned stays pinned.
     *
     * @param usedSeconds the least that its last use counts as, in seconds since 1970
     */
    void pin(BlobVersion version, long usedSeconds, Deadline deadline) throws ForebayException;

    /** Whether all of {@code version}, of at most 2 GiB, is on local disk now. A guess. */
    boolean isHere(BlobVersion version);

    /**
     * New, empty content that belongs to no version yet.
     *
     * @throws ForebayException.NoSpace if the cache disk is full
     */
    CachedContent create() throws ForebayException;

    /**
     * What earlier processes have {@linkplain CachedContent#keep kept} for {@code store} and did not commit; each is handed
     * out once. What cannot be opened is left where it is, with a warning.
     */
    List<KeptContent> kept(String store) throws ForebayException;

    /**
     * Returns when all that was {@linkplain CachedContent#keep kept} and {@linkplain CachedContent#letGo let go} until now
     * outlives the machine's power as such; the bytes of what was kept without that promise may not.
     */
    void sync() throws ForebayException;

    /**
     * Writes down, on stable storage, that a directory is about to be renamed, for the next process if this one dies.
     *
     * @throws ForebayException.NoSpace if the cache disk is full
     */
    RenameRecord beginRename(String store, String from, String to, List<RenameRecord.Part> parts)
            throws ForebayException;

    /**
     * Renames in {@code store} that have not ended, those of one disk in the order in which they were begun. To be asked
     * once, before this process renames anything.
     */
    List<RenameRecord> unfinishedRenames(String store) throws ForebayException;

    /** Bytes of local disk that new content can still take; 0 if the disk does not say. */
    long freeBytes();

    /** Bytes that the cache disk holds in all; 0 if it does not say. */
    long totalBytes();

    /**
     * Returns when nothing that was synced, and is {@linkplain CachedContent#letGo let go}, can come back after a power cut.
     * To be called before a request changes the store: else what comes back would be older than the blob, and look like
     * what somebody else has changed. Most of the time there is nothing to do.
     */
    void settle() throws ForebayException;

    /** Ends all use. What is clean stays for the next process, and what was kept; other changes are gone. */
    @Override
    void close();
}
