package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import io.forebay.cache.RenameRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves entries. A file that was never committed only changes its name; everything else is copied by the store, and
 * what it was copied from is deleted after the copy is known to be whole.
 */
final class Renames {
    private static final Logger LOG = LoggerFactory.getLogger(Renames.class);

    private final Tree tree;
    private final Lookups lookups;
    private final FileContents contents;
    private final Directories directories;

    Renames(Tree tree, Lookups lookups, FileContents contents, Directories directories) {
        this.tree = tree;
        this.lookups = lookups;
        this.contents = contents;
        this.directories = directories;
    }

    void rename(Inode parent, String name, Inode newParent, String newName, RenameMode mode) throws ForebayException {
        tree.requireWritable();
        Tree.blobName(parent.requireDirectory(), name);
        tree.store().requirePossible(Tree.blobName(newParent.requireDirectory(), newName));
        try (PathClaims.Claim _ = tree.claims().toChange(parent, name, newParent, newName)) {
            Inode source = lookups.findClaimed(parent, name);
            Inode target = null;
            try {
                target = lookups.findClaimedOrNull(newParent, newName);
                if (source != target) {
                    requireAllowed(source, newParent, target, mode);
                    move(source, new Inode.Place(newParent, newName), target, mode);
                }
            } finally {
                letGo(source);
                letGo(target);
            }
        }
    }

    private void requireAllowed(Inode source, Inode newParent, @Nullable Inode target, RenameMode mode)
            throws ForebayException {
        if (newParent.isUnlinked()) {
            throw new ForebayException.NotFound("the directory to move to was removed");
        }
        if (source.isDirectory() && newParent.isWithin(source)) {
            throw new ForebayException.InvalidArgument(
                    "directory '" + source.blobName() + "' cannot be moved into itself");
        }
        if (target == null) {
            return;
        }
        if (mode == RenameMode.NO_REPLACE) {
            throw new ForebayException.AlreadyExists("'" + target.blobName() + "' exists");
        }
        if (source.isDirectory()) {
            directories.requireEmpty(target.requireDirectory());
        } else if (target.isDirectory()) {
            throw new ForebayException.IsADirectory("'" + target.blobName() + "' is a directory");
        }
    }

    private void move(Inode source, Inode.Place to, @Nullable Inode target, RenameMode mode) throws ForebayException {
        if (target != null) {
            contents.fillIfOpen(target);
        }
        contents.resolveDoubt(source);
        whileBothChange(source, target, () -> moveAs(source, to, target, mode));
    }

    /** Something that gives names to other inodes. */
    @FunctionalInterface
    private interface Moving {
        void run() throws ForebayException;
    }

    /** A listing that is under way then tells nothing new of either. */
    private static void whileBothChange(Inode source, @Nullable Inode target, Moving moving) throws ForebayException {
        source.beginCommit();
        if (target != null) {
            target.beginCommit();
        }
        try {
            moving.run();
        } finally {
            source.endCommit();
            if (target != null) {
                target.endCommit();
            }
        }
    }

    private void moveAs(Inode source, Inode.Place to, @Nullable Inode target, RenameMode mode) throws ForebayException {
        if (source.isDirectory()) {
            moveDirectory(source, to, target);
        } else if (source.etag() == null) {
            moveUncommitted(source, to, target);
        } else {
            moveBlob(source, to, target, mode);
        }
    }

    /** Only the name changes; the next commit replaces what stands there now. */
    private void moveUncommitted(Inode source, Inode.Place to, @Nullable Inode target) throws ForebayException {
        Etag replaced = target == null ? null : target.etag();
        source.replaces(replaced);
        relink(source, to, target);
    }

    private void moveBlob(Inode source, Inode.Place to, @Nullable Inode target, RenameMode mode)
            throws ForebayException {
        contents.commitClaimed(source);
        String from = source.blobName();
        Etag etag = requireEtag(source);
        Inode.Place was = placeOf(source);
        directories.keepDirectory(was.parent());
        BlobProperties copy = copy(source, etag, to, mode);
        requireWhole(source, copy);
        source.movedTo(copy, tree.clock().nanoTime()); // before others find it at its new name, and doubt it
        contents.rebase(source, copy);
        relink(source, to, target);
        delete(was, () -> deleteSource(from, etag));
    }

    /** Deletes something from the store. */
    @FunctionalInterface
    private interface Deletion {
        /** @return false if it had to be kept */
        boolean run() throws ForebayException;
    }

    /** Deletes what was at {@code from}, and notes whether something still is. */
    private void delete(Inode.Place from, Deletion deletion) throws ForebayException {
        boolean gone = false;
        try {
            gone = deletion.run();
        } finally {
            if (gone) { // again, since until now a listing could still see it: see Lookups.adoptListed
                from.parent().entriesChanged(tree.clock().nowNanos());
                tree.names()
                        .rememberAbsent(from.parent(), from.name(), tree.clock().nanoTime());
            } else {
                tree.names().forget(from.parent(), from.name());
                from.parent().markIncomplete();
            }
        }
    }

    private BlobProperties copy(Inode source, Etag etag, Inode.Place to, RenameMode mode) throws ForebayException {
        Precondition onTarget = mode == RenameMode.NO_REPLACE ? Precondition.ifAbsent() : Precondition.none();
        try {
            return tree.storeToChange()
                    .copy(
                            source.blobName(),
                            Precondition.ifMatch(etag),
                            source.headers().labels(),
                            Tree.blobName(to.parent(), to.name()),
                            onTarget,
                            tree.transferDeadline(source.committedBytes()));
        } catch (ForebayException.Changed changed) {
            source.expire();
            tree.names().forget(to.parent(), to.name());
            to.parent().markIncomplete();
            if (mode == RenameMode.NO_REPLACE && isThere(to)) {
                throw new ForebayException.AlreadyExists("'" + to.name() + "' was made by somebody else", changed);
            }
            throw changed;
        } catch (ForebayException.NotFound gone) {
            source.expire();
            throw gone;
        }
    }

    private boolean isThere(Inode.Place place) throws ForebayException {
        Inode found = lookups.findClaimedOrNull(place.parent(), place.name());
        letGo(found);
        return found != null;
    }

    private static void requireWhole(Inode source, BlobProperties copy) throws ForebayException {
        if (copy.lengthBytes() != source.committedBytes()) {
            throw new ForebayException.Corrupt("the copy of '" + source.blobName() + "' has " + copy.lengthBytes()
                    + " bytes instead of " + source.committedBytes() + "; the original was kept");
        }
    }

    private boolean deleteSource(String from, Etag etag) throws ForebayException {
        try {
            tree.storeToChange().delete(from, Precondition.ifMatch(etag), tree.deadline());
            return true;
        } catch (ForebayException.NotFound _) {
            return true; // somebody else removed it: there is nothing left to do
        } catch (ForebayException.Changed changed) {
            LOG.warn("kept the source of a rename name={} reason={}", from, changed.getMessage());
            return false;
        }
    }

    private void moveDirectory(Inode source, Inode.Place to, @Nullable Inode target) throws ForebayException {
        if (source.etag() == null && source.needsCommit() && !directories.hasEntries(source.blobPrefix())) {
            moveUncommitted(source, to, target); // and all that is in it
            return;
        }
        String from = source.blobName();
        directories.keepDirectory(placeOf(source).parent());
        contents.commitClaimed(source);
        directories.keepDirectory(source);
        try (DirectoryMove move =
                DirectoryMove.begin(tree, from, Tree.blobName(to.parent(), to.name()), target != null)) {
            arrive(source, to, target, move, move.copyOrGiveUp());
        }
    }

    /** The blobs are copied: the inodes follow, and the originals are deleted. */
    private void arrive(
            Inode source,
            Inode.Place to,
            @Nullable Inode target,
            DirectoryMove move,
            Map<String, DirectoryMove.Copied> copies)
            throws ForebayException {
        Inode.Place was = placeOf(source);
        for (Inode inode : tree.inodes().all()) {
            DirectoryMove.Copied copied =
                    inode.isUnlinked() || !inode.isWithin(source) ? null : copies.get(inode.blobName());
            if (copied != null) {
                follow(inode, copied);
            }
        }
        relink(source, to, target);
        delete(was, () -> {
            move.moved();
            return move.deleteSources(copies);
        });
    }

    /**
     * Brings a rename of a directory to its end that an earlier process began. The caller holds both names exclusively, and
     * they are those that the record names.
     */
    void carryOn(RenameRecord record, Inode.Place from, Inode.Place to) throws ForebayException {
        DirectoryMove move = DirectoryMove.carryOn(tree, record);
        try {
            switch (record.stage()) {
                case COPYING, COPIED -> carryOn(from, to, move, move.copy());
                case MOVED -> move.deleteSources(move.copy());
                case GIVEN_UP -> move.undo();
            }
        } finally {
            forget(from);
            forget(to);
        }
    }

    private void forget(Inode.Place place) {
        tree.names().forget(place.parent(), place.name());
        place.parent().markIncomplete();
    }

    private void carryOn(Inode.Place from, Inode.Place to, DirectoryMove move, Map<String, DirectoryMove.Copied> copies)
            throws ForebayException {
        Inode source = lookups.findClaimedOrNull(from.parent(), from.name());
        Inode target = null;
        try {
            target = lookups.findClaimedOrNull(to.parent(), to.name());
            if (source != null && source.isDirectory() && !isInUse(target)) {
                Inode replaced = target;
                whileBothChange(source, target, () -> arrive(source, to, replaced, move, copies));
            } else {
                stayBehind(copies, move);
                move.moved();
                move.deleteSources(copies);
            }
        } finally {
            letGo(source);
            letGo(target);
        }
    }

    /** Whether something is at the new name of a directory that the store does not know of, or no directory. */
    private boolean isInUse(@Nullable Inode target) {
        return target != null
                && (!target.isDirectory()
                        || tree.inodes().all().stream().anyMatch(inode -> isLocal(inode) && inode.isWithin(target)));
    }

    private boolean isLocal(Inode inode) {
        return !inode.isUnlinked()
                && (inode.isAheadOfStore() || contents.keeping().isKept(inode));
    }

    /** The inodes cannot follow: files that are changed here keep their names, and their blobs. */
    private void stayBehind(Map<String, DirectoryMove.Copied> copies, DirectoryMove move) {
        for (Inode inode : tree.inodes().all()) {
            DirectoryMove.Copied copied = isLocal(inode) ? copies.remove(inode.blobName()) : null;
            if (copied != null) {
                move.keepSource(copied);
            }
        }
    }

    private void letGo(@Nullable Inode found) {
        if (found != null) {
            tree.inodes().unpin(found, 1);
        }
    }

    /**
     * An inode in a directory that was moved. What we had of another version of its blob is not made to pass for the
     * copy: unchanged content is given up, and changes meet their conflict at the next commit.
     */
    private void follow(Inode inode, DirectoryMove.Copied copied) {
        BlobProperties copy = copied.copy();
        long now = tree.clock().nanoTime();
        if (copied.original().etag().equals(inode.etag())) {
            inode.movedTo(copy, now);
            contents.rebase(inode, copy);
        } else if ((PosixAttributes.kindOf(copy) != inode.kind() && !inode.isAheadOfStore())
                || inode.learn(copy, PosixAttributes.of(copy, tree.settings()), now) == Learned.REPLACED) {
            // somebody else made a file of a symlink, or another version of what is open: that is another inode
            placeOf(inode).parent().markIncomplete();
            directories.loseName(inode);
        }
    }

    /** At no moment does {@code to} lead nowhere, if it led to {@code target} before. */
    private void relink(Inode source, Inode.Place to, @Nullable Inode target) throws ForebayException {
        Inode.Place from = placeOf(source);
        from.parent().entriesChanged(tree.clock().nowNanos()); // first: see Lookups.adoptListed
        to.parent().entriesChanged(tree.clock().nowNanos());
        tree.inodes().unlink(source);
        source.moveTo(to);
        source.moved(tree.clock().nowNanos());
        tree.inodes().link(source);
        tree.names().rememberAbsent(from.parent(), from.name(), tree.clock().nanoTime());
        tree.names().forget(to.parent(), to.name());
        tree.names().remember(source);
        try {
            keepUnderNewName(source);
            if (target != null) {
                contents.keeping().keepInsteadOf(target, source);
            }
        } finally {
            if (target != null) {
                directories.loseName(target); // after that: of two kept files the later one is taken up
            }
        }
    }

    private void keepUnderNewName(Inode source) throws ForebayException {
        if (!source.isDirectory()) {
            contents.keeping().keepAgain(source);
            return;
        }
        for (Inode inode : tree.inodes().all()) {
            if (contents.keeping().isKept(inode) && inode.isWithin(source)) {
                contents.keeping().keepAgain(inode);
            }
        }
    }

    private static Inode.Place placeOf(Inode inode) {
        Inode.Place place = inode.place();
        if (place == null) {
            throw new IllegalStateException("the root has no name to move");
        }
        return place;
    }

    private static Etag requireEtag(Inode inode) {
        Etag etag = inode.etag();
        if (etag == null) {
            throw new IllegalStateException("not committed: " + inode);
        }
        return etag;
    }
}
