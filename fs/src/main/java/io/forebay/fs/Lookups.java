package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListPage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a name leads to: in memory while that is fresh, else by asking the store. Every inode that it returns is
 * pinned once for the caller.
 */
final class Lookups {
    /**
     * Whoever finds a directory that only blobs imply opens some of them next: a page that costs one request in any case tells
     * of a model with its shards as a whole.
     */
    private static final int FIRST_ENTRIES = 100;

    private final Tree tree;
    private final LookupStorms storms;

    Lookups(Tree tree) {
        this.tree = tree;
        this.storms = new LookupStorms(tree, this);
    }

    /** @throws ForebayException.NotFound if the name leads nowhere */
    Inode find(Inode parent, String name) throws ForebayException {
        Inode known = inMemory(parent, name);
        if (known == null && storms.listedInstead(parent, name)) {
            known = inMemory(parent, name);
        }
        if (known != null) {
            return known;
        }
        try (PathClaims.Claim _ = tree.claims().toUse(parent, name)) {
            return findClaimed(parent, name);
        }
    }

    /** {@link #find} for a caller who already holds a claim on the name. */
    Inode findClaimed(Inode parent, String name) throws ForebayException {
        Inode known = inMemory(parent, name);
        return known != null ? known : ask(parent, name);
    }

    /** {@link #findClaimed}, with null where there is nothing. */
    @Nullable
    Inode findClaimedOrNull(Inode parent, String name) throws ForebayException {
        try {
            return findClaimed(parent, name);
        } catch (ForebayException.NotFound _) {
            return null;
        }
    }

    /** Learns what is in {@code directory}, or a page of it, for who will ask for many of its names. */
    void list(Inode directory) throws ForebayException {
        storms.list(directory);
    }

    private @Nullable Inode inMemory(Inode parent, String name) throws ForebayException {
        String blobName = Tree.blobName(parent.requireDirectory(), name);
        if (parent.isUnlinked()) {
            throw notFound(blobName);
        }
        long now = tree.clock().nanoTime();
        Inode inode = tree.inodes().find(parent, name);
        if (inode != null) {
            return isCurrent(inode, now) && inode.pin() ? inode : null;
        }
        if (isKnownAbsent(parent, name, now)) {
            throw notFound(blobName);
        }
        return null;
    }

    /** Whether {@link #find} would ask nobody, as things are now. */
    boolean isAnsweredFromMemory(Inode parent, String name) {
        long now = tree.clock().nanoTime();
        Inode inode = tree.inodes().find(parent, name);
        if (inode != null) {
            return isCurrent(inode, now);
        }
        return !parent.isDirectory() || parent.isUnlinked() || isKnownAbsent(parent, name, now);
    }

    private boolean isKnownAbsent(Inode parent, String name, long nowNanos) {
        Long absentSince = tree.names().absentSinceNanos(parent, name);
        return (absentSince != null && nowNanos - absentSince < tree.validityNanos())
                || parent.isComplete(nowNanos, tree.validityNanos());
    }

    /** Whether memory answers for {@code inode} without asking the store. */
    boolean isCurrent(Inode inode, long nowNanos) {
        return inode.place() == null
                || inode.isUnlinked()
                || inode.isAheadOfStore()
                || inode.isFresh(nowNanos, tree.validityNanos());
    }

    /** How much longer memory answers for {@code inode}. */
    long validNanos(Inode inode) {
        return inode.place() == null
                ? tree.validityNanos()
                : inode.validNanos(tree.clock().nanoTime(), tree.validityNanos());
    }

    /** How much longer memory says that {@code name} is not there. */
    long absentNanos(Inode parent, String name) {
        long now = tree.clock().nanoTime();
        Long since = tree.names().absentSinceNanos(parent, name);
        long answered = since == null ? 0 : Math.max(0, tree.validityNanos() - (now - since));
        return Math.max(answered, parent.completeNanos(now, tree.validityNanos()));
    }

    private Inode ask(Inode parent, String name) throws ForebayException {
        String blobName = Tree.blobName(parent, name);
        long askedAt = tree.clock().nanoTime();
        Inode before = tree.inodes().find(parent, name);
        long entryChanges = before == null ? 0 : before.entryChanges();
        try {
            BlobProperties blob = tree.store().head(blobName, tree.deadline());
            return adopt(parent, name, PosixAttributes.kindOf(blob), blob, askedAt);
        } catch (ForebayException.NotFound _) {
            ListPage below = firstUnder(blobName);
            if (!below.entries().isEmpty() || hasUncommittedUnder(parent, name)) {
                Inode directory = adopt(parent, name, FileKind.DIRECTORY, null, askedAt);
                learn(directory, ListedName.on(below, directory, blobName + "/"), askedAt, entryChanges);
                return directory;
            }
            vanished(parent, name, askedAt);
            throw notFound(blobName);
        }
    }

    /** The first entries of a directory that may be there without a marker; none if it is not. */
    private ListPage firstUnder(String blobName) throws ForebayException {
        ListPage page = tree.store().list(blobName + "/", "/", null, FIRST_ENTRIES, tree.deadline());
        while (page.entries().isEmpty() && page.continuation() != null) {
            page = tree.store().list(blobName + "/", "/", page.continuation(), FIRST_ENTRIES, tree.deadline());
        }
        return page;
    }

    /**
     * Keeps what a page said of blobs. A prefix says too little of a directory that may have a marker; and what a page cannot
     * be trusted for is asked for when somebody wants it.
     *
     * @param directory pinned for the caller; it is let go if this fails
     */
    private void learn(Inode directory, List<ListedName> names, long askedAtNanos, long entryChanges)
            throws ForebayException {
        boolean learned = false;
        try {
            for (ListedName listed : names) {
                Inode entry = listed.blob() == null
                        ? null
                        : adoptListed(
                                directory, listed.name(), listed.kind(), listed.blob(), askedAtNanos, entryChanges);
                if (entry != null) {
                    tree.inodes().unpin(entry, 1);
                }
            }
            learned = true;
        } finally {
            if (!learned) {
                tree.inodes().unpin(directory, 1);
            }
        }
    }

    /** Whether files are in it that will be blobs soon. */
    private boolean hasUncommittedUnder(Inode parent, String name) {
        Inode directory = tree.inodes().find(parent, name);
        return directory != null && directory.isDirectory() && tree.hasUncommittedIn(directory);
    }

    /** The store has nothing of that name: neither have we, unless it is ours and not committed yet. */
    private void vanished(Inode parent, String name, long askedAtNanos) {
        Inode stale = tree.inodes().find(parent, name);
        if (stale != null && !stale.isAheadOfStore()) {
            stale.markUnlinked();
            tree.inodes().unlink(stale);
            tree.changes().nameChanged(parent.id(), name);
        }
        tree.names().rememberAbsent(parent, name, askedAtNanos);
    }

    /**
     * Takes over what the store said of a name that the caller has a claim on.
     *
     * @param blob null for a directory that only the names of other blobs imply
     * @param askedAtNanos when the question was sent; older answers never overrule newer knowledge
     */
    Inode adopt(Inode parent, String name, FileKind kind, @Nullable BlobProperties blob, long askedAtNanos)
            throws ForebayException {
        while (true) {
            Inode inode;
            synchronized (parent) { // so that two answers to the same question make one inode; no I/O in here
                inode = known(parent, name, kind, askedAtNanos);
                if (inode == null) {
                    inode = create(parent, name, kind, blob);
                }
            }
            if (learned(inode, kind, blob, askedAtNanos)) {
                return inode;
            }
            replace(inode, parent, name);
        }
    }

    /**
     * {@link #adopt} for a listing, which has no claim on the name. A name that is not in the table may be one that we
     * have removed since the store was asked, or one that we are about to give to an inode of ours.
     *
     * @param entryChanges of {@code parent} before the store was asked; a removal raises it before it takes the name out
     *     of the table, so that a name that is missing there while the number is the same was never removed
     * @return null if the answer cannot be trusted without a claim
     */
    @Nullable
    Inode adoptListed(
            Inode parent,
            String name,
            FileKind kind,
            @Nullable BlobProperties blob,
            long askedAtNanos,
            long entryChanges)
            throws ForebayException {
        while (true) {
            Inode inode;
            synchronized (parent) {
                inode = known(parent, name, kind, askedAtNanos);
                if (inode == null) {
                    if (parent.entryChanges() != entryChanges || tree.claims().isBeingChanged(parent, name)) {
                        return null;
                    }
                    inode = create(parent, name, kind, blob);
                }
            }
            if (learned(inode, kind, blob, askedAtNanos)) {
                return inode;
            }
            replace(inode, parent, name);
        }
    }

    /** {@code inode} is open and stays what it is; its name is free for the one that the store has now. */
    private void replace(Inode inode, Inode parent, String name) {
        synchronized (parent) {
            inode.replaced();
            tree.inodes().unlink(inode);
        }
        tree.inodes().unpin(inode, 1);
        tree.changes().nameChanged(parent.id(), name);
    }

    private Inode create(Inode parent, String name, FileKind kind, @Nullable BlobProperties blob) {
        Inode inode = tree.inodes()
                .create(
                        kind,
                        new Inode.Place(parent, name),
                        posixOf(kind, blob),
                        tree.clock().nowNanos());
        tree.inodes().link(inode);
        tree.crowding().grew();
        return inode;
    }

    /** @return false if {@code inode} is not what the store has under that name */
    private boolean learned(Inode inode, FileKind kind, @Nullable BlobProperties blob, long askedAtNanos)
            throws ForebayException {
        inode.observe(); // what the kernel has written makes it ours, and the rest a conflict
        switch (inode.learn(blob, posixOf(kind, blob), askedAtNanos)) {
            case NOTHING -> {}
            case ANOTHER_VERSION -> tree.changes().contentChanged(inode.id());
            case REPLACED -> {
                return false;
            }
        }
        tree.names().rememberFound(inode, askedAtNanos);
        return true;
    }

    private @Nullable Inode known(Inode parent, String name, FileKind kind, long askedAtNanos) {
        Inode known = tree.inodes().find(parent, name);
        if (known == null) {
            return null;
        }
        boolean stands = known.kind() == kind || known.isAheadOfStore() || known.isKnownSince(askedAtNanos);
        if (stands && known.pin()) {
            return known;
        }
        known.markUnlinked();
        tree.inodes().unlink(known);
        tree.changes().nameChanged(parent.id(), name);
        return null;
    }

    private PosixAttributes posixOf(FileKind kind, @Nullable BlobProperties blob) {
        return blob == null
                ? PosixAttributes.unsaid(kind, tree.clock().nowNanos(), tree.settings())
                : PosixAttributes.of(blob, tree.settings());
    }

    private static ForebayException.NotFound notFound(String blobName) {
        return new ForebayException.NotFound("there is no '" + blobName + "'");
    }
}
