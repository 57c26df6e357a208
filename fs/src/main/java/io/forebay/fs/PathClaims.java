package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may rely on which names, and who may change them.
 *
 * <p>Whoever sends a name to the store claims every name on the path from the root, so that nobody renames a directory
 * above; whoever changes what a name means claims that last one exclusively. Claims are the one lock of the tree that
 * is held over requests to the store; each request ends by its deadline, and so does every claim.
 *
 * <p>All claims of an operation are taken at once, in one global order, and an operation that holds claims takes no
 * more: there is no deadlock. Only names that are in use cost memory.
 */
final class PathClaims {
    private static final Comparator<InodeTable.Name> GLOBAL_ORDER =
            Comparator.comparingLong(InodeTable.Name::parent).thenComparing(InodeTable.Name::name);

    /** A lock for one name, and how many hold or await it. */
    private static final class NameLock {
        final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        int users;
    }

    /** Names that are held; closing gives all of them back. */
    final class Claim implements AutoCloseable {
        private final List<Lock> held = new ArrayList<>();
        private final List<InodeTable.Name> names = new ArrayList<>();

        @Override
        public void close() {
            for (int i = names.size() - 1; i >= 0; i--) {
                if (i < held.size()) {
                    held.get(i).unlock();
                }
                release(names.get(i));
            }
        }
    }

    private final ConcurrentHashMap<InodeTable.Name, NameLock> locks = new ConcurrentHashMap<>();

    /** Claims the path of {@code name} in {@code parent}; the name itself may be used by others too. */
    Claim toUse(Inode parent, String name) throws ForebayException {
        return claim(List.of(new Inode.Place(parent, name)), false);
    }

    /** Claims the path of {@code name} in {@code parent}, and the name itself for one user alone. */
    Claim toChange(Inode parent, String name) throws ForebayException {
        return claim(List.of(new Inode.Place(parent, name)), true);
    }

    /** Claims two names at once, each alone. */
    Claim toChange(Inode parent, String name, Inode otherParent, String otherName) throws ForebayException {
        return claim(List.of(new Inode.Place(parent, name), new Inode.Place(otherParent, otherName)), true);
    }

    /** Claims names at once, each alone. */
    Claim toChange(List<Inode.Place> places) throws ForebayException {
        return claim(places, true);
    }

    /** Claims the name that {@code inode} has when the claim is granted, for others to use too; null if it has none. */
    @Nullable
    Claim toUse(Inode inode) throws ForebayException {
        return claim(inode, false);
    }

    /** Claims the name that {@code inode} has when the claim is granted, alone; null if it has none any more. */
    @Nullable
    Claim toChange(Inode inode) throws ForebayException {
        return claim(inode, true);
    }

    private @Nullable Claim claim(Inode inode, boolean exclusive) throws ForebayException {
        while (true) {
            Inode.Place place = inode.place();
            if (place == null || inode.isUnlinked()) {
                return null;
            }
            Claim claim = claim(List.of(place), exclusive);
            if (place.equals(inode.place()) && !inode.isUnlinked()) {
                return claim;
            }
            claim.close();
        }
    }

    private Claim claim(List<Inode.Place> places, boolean exclusive) throws ForebayException {
        while (true) {
            SortedMap<InodeTable.Name, Boolean> wanted = wanted(places, exclusive);
            Claim claim = take(wanted);
            if (wanted.equals(wanted(places, exclusive))) {
                return claim;
            }
            claim.close(); // a directory above was moved while we waited: these are no longer its names
        }
    }

    /** The names to claim, in the global order, each with whether it is for one user alone. */
    private static SortedMap<InodeTable.Name, Boolean> wanted(List<Inode.Place> places, boolean exclusive) {
        SortedMap<InodeTable.Name, Boolean> wanted = new TreeMap<>(GLOBAL_ORDER);
        for (Inode.Place place : places) {
            wanted.merge(nameOf(place), exclusive, Boolean::logicalOr);
            for (Inode.Place above = place.parent().place();
                    above != null;
                    above = above.parent().place()) {
                wanted.merge(nameOf(above), false, Boolean::logicalOr);
            }
        }
        return wanted;
    }

    private static InodeTable.Name nameOf(Inode.Place place) {
        return new InodeTable.Name(place.parent().id(), place.name());
    }

    private Claim take(SortedMap<InodeTable.Name, Boolean> wanted) throws ForebayException {
        Claim claim = new Claim();
        try {
            wanted.forEach((name, exclusive) -> {
                ReentrantReadWriteLock lock = enter(name);
                claim.names.add(name);
                Lock side = exclusive ? lock.writeLock() : lock.readLock();
                lockInterruptibly(side);
                claim.held.add(side);
            });
            return claim;
        } catch (WaitInterrupted interrupted) {
            claim.close();
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while waiting for another operation on the same name");
        }
    }

    private ReentrantReadWriteLock enter(InodeTable.Name name) {
        return locks.compute(name, (_, existing) -> {
                    NameLock entry = existing == null ? new NameLock() : existing;
                    entry.users++;
                    return entry;
                })
                .lock;
    }

    private void release(InodeTable.Name name) {
        locks.computeIfPresent(name, (_, entry) -> --entry.users == 0 ? null : entry);
    }

    private static void lockInterruptibly(Lock side) {
        try {
            side.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw new WaitInterrupted(interrupted);
        }
    }

    /** Whether somebody has claimed the name alone. */
    boolean isBeingChanged(Inode parent, String name) {
        NameLock entry = locks.get(new InodeTable.Name(parent.id(), name));
        return entry != null && entry.lock.isWriteLocked();
    }

    /** Whether nobody uses the name of {@code inode}, nor changes one above it, so that a claim waits for nothing. A guess. */
    boolean isFree(Inode inode) {
        Inode.Place place = inode.place();
        if (place == null || locks.containsKey(nameOf(place))) {
            return false;
        }
        for (Inode.Place above = place.parent().place();
                above != null;
                above = above.parent().place()) {
            NameLock entry = locks.get(nameOf(above));
            if (entry != null && (entry.lock.isWriteLocked() || entry.lock.hasQueuedThreads())) {
                return false;
            }
        }
        return true;
    }

    /** Names in use now; 0 when nothing is under way. */
    int namesInUse() {
        return locks.size();
    }

    private static final class WaitInterrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WaitInterrupted(InterruptedException cause) {
            super(cause);
        }
    }
}
