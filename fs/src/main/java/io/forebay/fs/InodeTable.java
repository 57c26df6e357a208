package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All inodes that somebody holds, by number and by name. A name leads to at most one inode, so that everyone who opens
 * a file shares its content.
 */
final class InodeTable {
    /** A name within a directory. */
    record Name(long parent, String name) {}

    private final ConcurrentHashMap<Long, Inode> byId = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Name, Inode> byName = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(FileSystemOperations.ROOT);

    /** A new inode that hangs nowhere yet, pinned once for the caller. */
    Inode create(FileKind kind, Inode.@Nullable Place place, PosixAttributes posix, long nowNanos) {
        Inode inode = new Inode(nextId.getAndIncrement(), kind, place, posix, nowNanos);
        inode.pin();
        byId.put(inode.id(), inode);
        return inode;
    }

    /**
     * Makes {@code inode} the one that its place leads to; what was there before is no longer found by name. An inode
     * that can be found holds its directory, or there might be a second inode for the directory, and another for the
     * file in that.
     */
    void link(Inode inode) {
        Inode.Place place = inode.place();
        if (place == null) {
            return;
        }
        if (!place.parent().pin()) {
            throw new IllegalStateException("the directory was let go by those who use it: " + inode);
        }
        if (byName.put(nameOf(place), inode) != null) {
            unpin(place.parent(), 1);
        }
    }

    /** The inode no longer is what its place leads to. */
    void unlink(Inode inode) {
        Inode.Place place = inode.place();
        if (place != null && byName.remove(nameOf(place), inode)) {
            unpin(place.parent(), 1);
        }
    }

    private static Name nameOf(Inode.Place place) {
        return new Name(place.parent().id(), place.name());
    }

    @Nullable
    Inode find(Inode parent, String name) {
        return byName.get(new Name(parent.id(), name));
    }

    /** @throws ForebayException.BadHandle if the kernel names an inode that it does not hold */
    Inode get(long id) throws ForebayException {
        Inode inode = byId.get(id);
        if (inode == null) {
            throw new ForebayException.BadHandle("there is no inode " + id);
        }
        return inode;
    }

    @Nullable
    Inode peek(long id) {
        return byId.get(id);
    }

    /** Takes {@code count} pins of {@code inode}, and lets it go with the last. */
    void unpin(Inode inode, long count) {
        if (inode.unpin(count)) {
            Inode.Place place = inode.place();
            if (place != null && !inode.isUnlinked()) {
                place.parent()
                        .markIncomplete(); // first, or a lookup in between takes the name for one that is not there
            }
            byId.remove(inode.id(), inode);
            unlink(inode);
        }
    }

    Collection<Inode> all() {
        return Collections.unmodifiableCollection(byId.values());
    }
}
