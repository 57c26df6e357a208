package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.nio.charset.StandardCharsets;

/** Entries that come and go: directories, symlinks, names of files. Callers hold no claims; returned inodes are pinned. */
final class Directories {
    private final Tree tree;
    private final Lookups lookups;
    private final FileContents contents;

    Directories(Tree tree, Lookups lookups, FileContents contents) {
        this.tree = tree;
        this.lookups = lookups;
        this.contents = contents;
    }

    Inode makeDirectory(Inode parent, String name, int permissions, Caller caller) throws ForebayException {
        return putSpecial(parent, name, FileKind.DIRECTORY, permissions, caller, new byte[0]);
    }

    Inode makeSymlink(Inode parent, String name, String target, Caller caller) throws ForebayException {
        byte[] body = target.getBytes(StandardCharsets.UTF_8);
        Inode symlink = putSpecial(parent, name, FileKind.SYMLINK, 0777, caller, body);
        symlink.setSymlinkTarget(target, symlink.etag());
        return symlink;
    }

    private Inode putSpecial(Inode parent, String name, FileKind kind, int permissions, Caller caller, byte[] body)
            throws ForebayException {
        tree.requireWritable();
        Tree.blobName(parent.requireDirectory(), name);
        try (PathClaims.Claim _ = tree.claims().toChange(parent, name)) {
            requireAbsent(parent, name);
            String blobName = Tree.blobName(parent, name); // not before the claim: the directory may have been moved
            PosixAttributes posix = newborn(permissions, caller);
            BlobHeaders headers = BlobHeaders.of(posix.addTo(Metadata.EMPTY, kind));
            BlobProperties blob =
                    tree.store().put(blobName, BlobBody.of(body), headers, Precondition.ifAbsent(), tree.deadline());
            Inode inode = tree.inodes()
                    .create(
                            kind,
                            new Inode.Place(parent, name),
                            posix,
                            tree.clock().nowNanos());
            inode.committed(blob, posix, tree.clock().nanoTime());
            appear(inode, parent, name);
            if (kind == FileKind.DIRECTORY) { // and nothing is in it, as long as we hold its name
                inode.markComplete(tree.clock().nanoTime(), inode.entryChanges());
            }
            return inode;
        } catch (ForebayException.Changed raced) {
            tree.names().forget(parent, name);
            throw new ForebayException.AlreadyExists("'" + name + "' was made by somebody else", raced);
        }
    }

    /**
     * A file that exists here only, until its first commit.
     *
     * @param writes whether its creator opens it for writing
     */
    Inode makeFile(Inode parent, String name, int permissions, boolean writes, Caller caller) throws ForebayException {
        tree.requireWritable();
        tree.store().requirePossible(Tree.blobName(parent.requireDirectory(), name)); // the commit may be hours away
        try (PathClaims.Claim _ = tree.claims().toChange(parent, name)) {
            requireAbsent(parent, name);
            Inode file = tree.inodes()
                    .create(
                            FileKind.FILE,
                            new Inode.Place(parent, name),
                            newborn(permissions, caller),
                            tree.clock().nowNanos());
            try {
                contents.create(file, writes);
            } catch (ForebayException failure) {
                file.markUnlinked();
                tree.inodes().unpin(file, 1);
                throw failure;
            }
            tree.uncommitted().add(file);
            appear(file, parent, name);
            return file;
        }
    }

    private void requireAbsent(Inode parent, String name) throws ForebayException {
        Inode existing = lookups.findClaimedOrNull(parent, name);
        if (existing != null) {
            tree.inodes().unpin(existing, 1);
            throw new ForebayException.AlreadyExists("'" + existing.blobName() + "' exists");
        }
        if (parent.isUnlinked()) {
            throw new ForebayException.NotFound("the directory of '" + name + "' was removed");
        }
    }

    private PosixAttributes newborn(int permissions, Caller caller) {
        return new PosixAttributes(
                permissions & 07777, caller.uid(), caller.gid(), tree.clock().nowNanos());
    }

    private void appear(Inode inode, Inode parent, String name) {
        tree.inodes().link(inode);
        tree.names().forget(parent, name);
        tree.names().remember(inode);
        parent.entriesChanged(tree.clock().nowNanos());
    }

    /** Removes a file or symlink; who has it open keeps its content. */
    void removeFile(Inode parent, String name) throws ForebayException {
        tree.requireWritable();
        try (PathClaims.Claim _ = tree.claims().toChange(parent, name)) {
            Inode file = lookups.findClaimed(parent, name);
            try {
                if (file.isDirectory()) {
                    throw new ForebayException.IsADirectory("'" + file.blobName() + "' is a directory");
                }
                contents.resolveDoubt(file);
                if (file.etag() != null) {
                    contents.fillIfOpen(file);
                    keepDirectory(parent);
                    deleteBlob(file.blobName());
                }
                vanish(file, parent, name);
            } finally {
                tree.inodes().unpin(file, 1);
            }
        }
    }

    void removeDirectory(Inode parent, String name) throws ForebayException {
        tree.requireWritable();
        try (PathClaims.Claim _ = tree.claims().toChange(parent, name)) {
            Inode directory = lookups.findClaimed(parent, name);
            try {
                requireEmpty(directory.requireDirectory());
                keepDirectory(parent);
                deleteBlob(directory.blobName());
                vanish(directory, parent, name);
            } finally {
                tree.inodes().unpin(directory, 1);
            }
        }
    }

    /** @throws ForebayException.NotEmpty if anything is in {@code directory}; the caller holds it exclusively */
    void requireEmpty(Inode directory) throws ForebayException {
        String prefix = directory.blobPrefix();
        if (tree.hasUncommittedIn(directory) || hasEntries(prefix)) {
            throw new ForebayException.NotEmpty("directory '" + directory.blobName() + "' is not empty");
        }
    }

    private boolean hasEntries(String prefix) throws ForebayException {
        String continuation = null;
        do {
            ListPage page = tree.store().list(prefix, null, continuation, 2, tree.deadline());
            for (ListEntry entry : page.entries()) {
                if (!entry.name().equals(prefix)) { // some tools keep their marker under the name with the slash
                    return true;
                }
            }
            continuation = page.continuation();
        } while (continuation != null);
        return false;
    }

    /**
     * A directory that exists only because blobs are in it gets a marker before one is taken out, so that it does not
     * vanish with its last entry.
     */
    void keepDirectory(Inode directory) throws ForebayException {
        if (directory.place() == null || directory.etag() != null) {
            return;
        }
        try {
            putMarker(directory);
        } catch (ForebayException.Changed _) {
            directory.expire(); // somebody else gave it one
        }
    }

    /** @throws ForebayException.Changed if the directory has a marker already */
    void putMarker(Inode directory) throws ForebayException {
        PosixAttributes posix = directory.posix();
        BlobHeaders headers = BlobHeaders.of(posix.addTo(Metadata.EMPTY, FileKind.DIRECTORY));
        BlobProperties blob = tree.store()
                .put(directory.blobName(), BlobBody.of(new byte[0]), headers, Precondition.ifAbsent(), tree.deadline());
        directory.committed(blob, posix, tree.clock().nanoTime());
    }

    private void deleteBlob(String blobName) throws ForebayException {
        try {
            tree.store().delete(blobName, Precondition.none(), tree.deadline());
        } catch (ForebayException.NotFound _) {
            // gone already, or a directory that never had a marker
        }
    }

    /** {@code inode} is no longer what {@code name} leads to. */
    void vanish(Inode inode, Inode parent, String name) {
        parent.entriesChanged(tree.clock().nowNanos()); // first: see Lookups.adoptListed
        loseName(inode);
        tree.names().rememberAbsent(parent, name, tree.clock().nanoTime());
    }

    /** Nothing leads to {@code inode} any more. */
    void loseName(Inode inode) {
        inode.markUnlinked();
        tree.inodes().unlink(inode);
        tree.uncommitted().remove(inode);
        contents.dropUnused(inode);
    }
}
