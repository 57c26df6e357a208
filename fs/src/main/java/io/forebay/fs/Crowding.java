package io.forebay.fs;

import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the number of inodes near a limit. What the kernel has looked up it remembers until its own memory is short, which
 * on a large machine is never; we hold an inode for each of these names. So for each inode that is made beyond the limit
 * the kernel is asked to forget two others, in turn. Whoever needs one of them again looks it up again.
 */
final class Crowding {
    private static final int ASKED_AT_ONCE = 2;

    private final InodeTable table;
    private final ChangeListener changes;
    private final long limit;
    /** Guarded by this. */
    private Iterator<Inode> hand = Collections.emptyIterator();

    Crowding(InodeTable table, ChangeListener changes, long limit) {
        this.table = table;
        this.changes = changes;
        this.limit = limit;
    }

    /** One more inode was made. */
    void grew() {
        if (table.all().size() <= limit) {
            return;
        }
        for (int i = 0; i < ASKED_AT_ONCE; i++) {
            Inode inode = next();
            Inode.Place place = inode == null ? null : inode.place();
            if (inode != null && place != null && inode.isOnlyRemembered()) {
                changes.nameUnwanted(place.parent().id(), place.name());
            }
        }
    }

    private synchronized @Nullable Inode next() {
        if (!hand.hasNext()) {
            hand = table.all().iterator();
        }
        return hand.hasNext() ? hand.next() : null;
    }
}
