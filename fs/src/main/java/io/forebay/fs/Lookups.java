package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListPage;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a name leads to: in memory while that is fresh, else by asking the store. Every inode that it returns is
 * pinned once for the caller.
 */
final class Lookups {
    private final Tree tree;

    Lookups(Tree tree) {
        this.tree = tree;
    }

    /** @throws ForebayException.NotFound if the name leads nowhere */
    Inode find(Inode parent, String name) throws ForebayException {
        Inode known = inMemory(parent, name);
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
        Long absentSince = tree.names().absentSinceNanos(parent, name);
        boolean knownAbsent = absentSince != null && now - absentSince < tree.validityNanos();
        if (knownAbsent || parent.isComplete(now, tree.validityNanos())) {
            throw notFound(blobName);
        }
        return null;
    }

    /** Whether memory answers for {@code inode} without asking the store. */
    boolean isCurrent(Inode inode, long nowNanos) {
        return inode.place() == null
                || inode.isUnlinked()
                || inode.isAheadOfStore()
                || inode.isFresh(nowNanos, tree.validityNanos());
    }

    private Inode ask(Inode parent, String name) throws ForebayException {
        String blobName = Tree.blobName(parent, name);
        long askedAt = tree.clock().nanoTime();
        try {
            BlobProperties blob = tree.store().head(blobName, tree.deadline());
            return adopt(parent, name, PosixAttributes.kindOf(blob), blob, askedAt);
        } catch (ForebayException.NotFound _) {
            if (hasBlobsUnder(blobName) || hasUncommittedUnder(parent, name)) {
                return adopt(parent, name, FileKind.DIRECTORY, null, askedAt);
            }
            vanished(parent, name, askedAt);
            throw notFound(blobName);
        }
    }

    private boolean hasBlobsUnder(String blobName) throws ForebayException {
        String continuation = null;
        do {
            ListPage page = tree.store().list(blobName + "/", null, continuation, 1, tree.deadline());
            if (!page.entries().isEmpty()) {
                return true;
            }
            continuation = page.continuation();
        } while (continuation != null);
        return false;
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
        }
        tree.names().rememberAbsent(parent, name, askedAtNanos);
    }

    /**
     * Takes over what the store said of a name that the caller has a claim on.
     *
     * @param blob null for a directory that only the names of other blobs imply
     * @param askedAtNanos when the question was sent; older answers never overrule newer knowledge
     */
    Inode adopt(Inode parent, String name, FileKind kind, @Nullable BlobProperties blob, long askedAtNanos) {
        Inode inode;
        synchronized (parent) { // so that two answers to the same question make one inode; no I/O in here
            inode = known(parent, name, kind, askedAtNanos);
            if (inode == null) {
                inode = create(parent, name, kind, blob);
            }
        }
        return learned(inode, kind, blob, askedAtNanos);
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
            long entryChanges) {
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
        return learned(inode, kind, blob, askedAtNanos);
    }

    private Inode create(Inode parent, String name, FileKind kind, @Nullable BlobProperties blob) {
        Inode inode = tree.inodes()
                .create(
                        kind,
                        new Inode.Place(parent, name),
                        posixOf(kind, blob),
                        tree.clock().nowNanos());
        tree.inodes().link(inode);
        return inode;
    }

    private Inode learned(Inode inode, FileKind kind, @Nullable BlobProperties blob, long askedAtNanos) {
        if (!inode.isAheadOfStore()) {
            inode.learn(blob, posixOf(kind, blob), askedAtNanos);
        }
        tree.names().rememberFound(inode, askedAtNanos);
        return inode;
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
