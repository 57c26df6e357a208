package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entries that come and go: directories, symlinks, names of files. Callers hold no claims; returned inodes are pinned. */
final class Directories {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);

    private final Tree tree;
    private final Lookups lookups;
    private final FileContents contents;
    private final Saving saving;
    private final WriteBack writeBack;

    Directories(Tree tree, Lookups lookups, FileContents contents, Saving saving, WriteBack writeBack) {
        this.tree = tree;
        this.lookups = lookups;
        this.contents = contents;
        this.saving = saving;
        this.writeBack = writeBack;
    }

    Inode makeDirectory(Inode parent, String name, int permissions, Caller caller) throws ForebayException {
        tree.requireWritable();
        String blobName = Tree.blobName(parent.requireDirectory(), name);
        return saving.isLocalAtClose(blobName)
                ? makeHere(parent, name, FileKind.DIRECTORY, permissions, caller, contents::createMarker)
                : putSpecial(parent, name, FileKind.DIRECTORY, permissions, caller, new byte[0]);
    }

    Inode makeSymlink(Inode parent, String name, String target, Caller caller) throws ForebayException {
        byte[] body = target.getBytes(StandardCharsets.UTF_8);
        Inode symlink = putSpecial(parent, name, FileKind.SYMLINK, 0777, caller, body);
        symlink.setSymlinkTarget(target, symlink.etag());
        return symlink;
    }

    /** A FIFO or a socket. */
    Inode makeMeetingPoint(Inode parent, String name, FileKind kind, int permissions, Caller caller)
            throws ForebayException {
        return putSpecial(parent, name, kind, permissions, caller, new byte[0]);
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
            BlobProperties blob = tree.storeToChange()
                    .put(blobName, BlobBody.of(body), headers, Precondition.ifAbsent(), tree.deadline());
            Inode inode = tree.inodes()
                    .create(
                            kind,
                            new Inode.Place(parent, name),
                            posix,
                            tree.clock().nowNanos());
            inode.committed(blob, posix, tree.clock().nanoTime());
            appear(inode, parent, name);
            if (kind == FileKind.DIRECTORY) { // and nothing is in it, as long as we hold its name
                inode.markComplete(tree.clock().nanoTime(), inode.entryLosses());
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
        return makeHere(parent, name, FileKind.FILE, permissions, caller, file -> contents.create(file, writes));
    }

    /** Gives a new inode content on the local disk. */
    @FunctionalInterface
    private interface FirstContent {
        void of(Inode inode) throws ForebayException;
    }

    /** Something that no blob stands for yet: a file, or a directory whose marker is kept as the content of one is. */
    private Inode makeHere(
            Inode parent, String name, FileKind kind, int permissions, Caller caller, FirstContent content)
            throws ForebayException {
        tree.store().requirePossible(Tree.blobName(parent.requireDirectory(), name)); // the commit may be hours away
        try (PathClaims.Claim _ = tree.claims().toChange(parent, name)) {
            requireAbsent(parent, name);
            Inode inode = tree.inodes()
                    .create(
                            kind,
                            new Inode.Place(parent, name),
                            newborn(permissions, caller),
                            tree.clock().nowNanos());
            try {
                content.of(inode);
            } catch (ForebayException failure) {
                inode.markUnlinked();
                contents.dropUnused(inode);
                tree.inodes().unpin(inode, 1);
                throw failure;
            }
            tree.uncommitted().add(inode);
            appear(inode, parent, name);
            if (kind == FileKind.DIRECTORY) {
                inode.markComplete(tree.clock().nanoTime(), inode.entryLosses());
                writeBack.add(inode); // a file is added when it is closed
            }
            return inode;
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
        stopUpload(parent, name);
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
                    deleteBlobOf(file);
                }
                vanish(file, parent, name);
            } finally {
                tree.inodes().unpin(file, 1);
            }
        }
    }

    /** An upload holds the name until it ends; one that will soon be of no use is not waited for. */
    private void stopUpload(Inode parent, String name) {
        Inode file = tree.inodes().find(parent, name);
        if (file != null) {
            writeBack.makeWay(file);
        }
    }

    void removeDirectory(Inode parent, String name) throws ForebayException {
        tree.requireWritable();
        stopUpload(parent, name);
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

    /** Whether the store has anything under {@code prefix}. */
    boolean hasEntries(String prefix) throws ForebayException {
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
        if (directory.place() == null || directory.etag() != null || directory.needsCommit()) {
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
        Metadata known = directory.headers().metadata();
        BlobHeaders headers = BlobHeaders.of(posix.addTo(known, FileKind.DIRECTORY));
        BlobProperties blob = tree.storeToChange()
                .put(directory.blobName(), BlobBody.of(new byte[0]), headers, Precondition.ifAbsent(), tree.deadline());
        directory.committed(blob, posix, tree.clock().nanoTime());
    }

    /** Of a file that waits here to replace a version, no other version is deleted: that is somebody else's. */
    private void deleteBlobOf(Inode file) throws ForebayException {
        Etag replaced = file.etag();
        if (replaced == null || !contents.keeping().isKept(file)) {
            deleteBlob(file.blobName());
            return;
        }
        try {
            deleteBlob(file.blobName(), Precondition.ifMatch(replaced));
        } catch (ForebayException.Changed conflict) {
            LOG.warn("ours was removed, and theirs stays name={} reason={}", file.blobName(), conflict.getMessage());
        }
    }

    private void deleteBlob(String blobName) throws ForebayException {
        deleteBlob(blobName, Precondition.none());
    }

    private void deleteBlob(String blobName, Precondition precondition) throws ForebayException {
        try {
            tree.storeToChange().delete(blobName, precondition, tree.deadline());
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
        writeBack.forget(inode);
        contents.dropUnused(inode);
    }
}
