package io.forebay.fs;

import io.forebay.cache.CachedContent;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The content that all handles of an inode share, and how many they are. Guarded by the inode's monitor. */
final class SharedContent {
    private final CachedContent bytes;

    /**
     * Held by an append from looking for the end until the bytes are there, so that no two land at the same place; over
     * I/O, since the end moves only then.
     */
    private final ReentrantLock appending = new ReentrantLock();

    /** Held from looking what a file is called until that is in the journal, so that of two names the later one stays. */
    private final ReentrantLock keeping = new ReentrantLock();

    private int users;
    private int writers;
    private boolean keepsInode;
    /** Counts changes of bytes, attributes and name. */
    private long changes;
    /** As it was kept on the local disk last; null if it is not. */
    private @Nullable Kept kept;

    /** Whether the bytes, as they are now, were on stable storage when they were kept. */
    private boolean safe;

    /** Whether something of what is kept was on stable storage once, for all that is known. */
    private boolean synced;

    /**
     * What is in the journal.
     *
     * @param sinceMillis since when there is something, in milliseconds since 1970
     * @param changes that it includes
     */
    private record Kept(long sinceMillis, long changes, boolean durable) {}

    SharedContent(CachedContent bytes) {
        this.bytes = bytes;
    }

    CachedContent bytes() {
        return bytes;
    }

    ReentrantLock appending() {
        return appending;
    }

    ReentrantLock keeping() {
        return keeping;
    }

    /** Its bytes, its attributes or its name are others than before. */
    void changed() {
        changes++;
    }

    /** Its bytes are others than before. */
    void written() {
        safe = false;
    }

    /** Notes that it is about to be kept on the local disk. @return since when it is, in milliseconds since 1970 */
    long keep(long sinceMillis, boolean durable) {
        kept = new Kept(kept == null ? sinceMillis : kept.sinceMillis, changes, durable);
        safe |= durable;
        synced |= durable;
        return kept.sinceMillis;
    }

    boolean isKept() {
        return kept != null;
    }

    /** Whether it is kept, and its bytes would outlive the machine's power under another name or with other attributes. */
    boolean isKeptSafe() {
        return kept != null && safe;
    }

    /** An earlier process kept it. Not safe: it may have been synced, and written after that, before the process died. */
    void keptBefore(long sinceMillis) {
        keep(sinceMillis, false);
        synced = true;
    }

    /** Whether it is kept, and somebody may rely on it after a power cut. */
    boolean isKeptSynced() {
        return kept != null && synced;
    }

    /** Whether it is kept just as it is now. */
    boolean isKeptAsIs(boolean durable) {
        return kept != null && kept.changes == changes && (kept.durable || !durable);
    }

    /** What {@link #keep} noted did not come about; something older may be kept. */
    void keepFailed() {
        changes++;
        safe = false;
    }

    void forgetKept() {
        kept = null;
        safe = false;
        synced = false;
    }

    void join(boolean writes) {
        users++;
        writers += writes ? 1 : 0;
    }

    /** @return true if nobody uses it any more */
    boolean leave(boolean writes) {
        writers -= writes ? 1 : 0;
        return --users == 0;
    }

    /** Whether a handle is open whose close will commit what was written. */
    boolean isOpenForWriting() {
        return writers > 0;
    }

    /** Whether just one such handle is open. */
    boolean isWrittenOnce() {
        return writers == 1;
    }

    /** Whether handles or work of our own need it. */
    boolean isUsed() {
        return users > 0;
    }

    boolean isUsedOnce() {
        return users == 1;
    }

    /** From now on its unsaved changes keep the inode. @return false if they already did */
    boolean keepInode() {
        boolean first = !keepsInode;
        keepsInode = true;
        return first;
    }

    boolean keepsInode() {
        return keepsInode;
    }
}
