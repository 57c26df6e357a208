package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import org.jspecify.annotations.Nullable;

/** Changes of mode, owner, times and size. */
final class AttributeEdits {
    /** The largest blob that Azure keeps: 50,000 blocks of 4,000 MiB. */
    static final long MAX_FILE_BYTES = 50_000L * (4_000L << 20);

    private final Tree tree;
    private final Lookups lookups;
    private final FileContents contents;
    private final Directories directories;
    private final Saving saving;

    AttributeEdits(Tree tree, Lookups lookups, FileContents contents, Directories directories, Saving saving) {
        this.tree = tree;
        this.lookups = lookups;
        this.contents = contents;
        this.directories = directories;
        this.saving = saving;
    }

    void apply(Inode inode, AttributeChange change) throws ForebayException {
        tree.requireWritable();
        Long size = change.sizeBytes();
        if (size != null) {
            resize(inode, size);
        }
        Long accessNanos = change.accessNanos();
        if (accessNanos != null) {
            inode.accessed(accessNanos);
        }
        if (!inode.posix().with(change).equals(inode.posix())) {
            describe(inode, change);
        }
    }

    private void resize(Inode inode, long sizeBytes) throws ForebayException {
        requireFile(inode);
        requirePossible(sizeBytes);
        SharedContent shared = contents.join(inode, false);
        PosixAttributes before = inode.posix();
        try {
            contents.resize(inode, shared, sizeBytes);
            if (!FileContents.isOpenForWriting(inode, shared)) {
                saving.save(inode);
            }
        } catch (ForebayException failure) {
            inode.giveUp(shared, before);
            throw failure;
        } finally {
            tree.inodes().unpin(inode, contents.leave(inode, shared, false) - 1);
        }
    }

    static void requireFile(Inode inode) throws ForebayException {
        switch (inode.kind()) {
            case FILE -> {}
            case DIRECTORY -> throw new ForebayException.IsADirectory("'" + inode.blobName() + "' is a directory");
            case SYMLINK -> throw new ForebayException.InvalidArgument("'" + inode.blobName() + "' is a symlink");
            case FIFO, SOCKET ->
                throw new ForebayException.InvalidArgument("'" + inode.blobName() + "' has no content");
        }
    }

    static void requirePossible(long sizeBytes) throws ForebayException {
        if (sizeBytes < 0) {
            throw new ForebayException.InvalidArgument("a file cannot have " + sizeBytes + " bytes");
        }
        if (sizeBytes > MAX_FILE_BYTES) {
            throw new ForebayException.TooLarge("a blob has at most " + MAX_FILE_BYTES + " bytes");
        }
    }

    private void describe(Inode inode, AttributeChange change) throws ForebayException {
        try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
            if (claim == null || inode.isAheadOfStore()) {
                inode.setPosix(inode.posix().with(change), tree.clock().nowNanos());
                inode.setAttributesUnsaved(claim != null);
                contents.keeping().keepAgain(inode);
                return;
            }
            try {
                save(inode, change);
            } catch (ForebayException.Changed raced) {
                inode.expire();
                refresh(inode);
                save(inode, change);
            }
        }
    }

    private void save(Inode inode, AttributeChange change) throws ForebayException {
        refresh(inode);
        PosixAttributes before = inode.posix();
        inode.setPosix(before.with(change), tree.clock().nowNanos());
        try {
            saveAsIs(inode);
        } catch (ForebayException failure) {
            inode.setPosix(before, tree.clock().nowNanos());
            throw failure;
        }
    }

    /** What is kept of the inode on the local disk is told of its other attributes. */
    void keepAgain(Inode inode) throws ForebayException {
        contents.keeping().keepAgain(inode);
    }

    /** Writes what the inode has to the metadata of its blob. The caller holds the name. */
    void saveAsIs(Inode inode) throws ForebayException {
        if (inode.etag() == null) {
            directories.putMarker(inode);
        } else {
            contents.saveAttributes(inode);
        }
    }

    /** Asks the store again if what is known may be old. The caller holds the name. */
    void refresh(Inode inode) throws ForebayException {
        Inode.@Nullable Place place = inode.place();
        if (place == null || lookups.isCurrent(inode, tree.clock().nanoTime())) {
            return;
        }
        Inode found = lookups.findClaimed(place.parent(), place.name());
        tree.inodes().unpin(found, 1);
        if (found != inode) {
            throw new ForebayException.Changed("'" + inode.blobName() + "' was replaced by something else");
        }
    }
}
