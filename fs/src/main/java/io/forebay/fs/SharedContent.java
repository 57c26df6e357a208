package io.forebay.fs;

import io.forebay.cache.CachedContent;
import java.util.concurrent.locks.ReentrantLock;

/** The content that all handles of an inode share, and how many they are. Guarded by the inode's monitor. */
final class SharedContent {
    private final CachedContent bytes;

    /**
     * Held by an append from looking for the end until the bytes are there, so that no two land at the same place; over
     * I/O, since the end moves only then.
     */
    private final ReentrantLock appending = new ReentrantLock();

    private int users;
    private int writers;
    private boolean keepsInode;

    SharedContent(CachedContent bytes) {
        this.bytes = bytes;
    }

    CachedContent bytes() {
        return bytes;
    }

    ReentrantLock appending() {
        return appending;
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
