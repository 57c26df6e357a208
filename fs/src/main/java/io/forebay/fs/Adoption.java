package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.CachedContent;
import io.forebay.cache.KeptContent;
import io.forebay.cache.PendingFile;
import io.forebay.cache.RenameRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what earlier processes left on the local disk into a tree that nobody uses yet. */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final Tree tree;
    private final FileContents contents;
    private final WriteBack writeBack;
    private final UnfinishedRenames renames;

    Adoption(Tree tree, FileContents contents, WriteBack writeBack, UnfinishedRenames renames) {
        this.tree = tree;
        this.contents = contents;
        this.writeBack = writeBack;
        this.renames = renames;
    }

    /** A file that was kept, and the inode that it is now. */
    private record Adopted(Inode inode, PendingFile file) {}

    /** Takes up all of it; asks no store. */
    void resume() throws ForebayException {
        String store = tree.store().displayName();
        List<RenameRecord> unfinished = tree.cache().unfinishedRenames(store);
        List<Adopted> files = new ArrayList<>();
        for (KeptContent kept : tree.cache().kept(store)) {
            files.add(adopt(kept, unfinished));
        }
        for (RenameRecord record : unfinished) {
            if (record.stage() == RenameRecord.Stage.COPIED) {
                record.reach(RenameRecord.Stage.MOVED); // now that all that it moves has its new name in the journal
            }
        }
        renames.resume(unfinished, this); // before anything is uploaded under a name that is about to be another
        for (Adopted adopted : files) {
            writeBack.resume(adopted.inode(), adopted.file());
        }
        if (!files.isEmpty()) {
            LOG.info("files of an earlier mount are uploaded now files={}", files.size());
        }
    }

    private Adopted adopt(KeptContent kept, List<RenameRecord> unfinished) throws ForebayException {
        Optional<PendingFile> moved = UnfinishedRenames.asMoved(kept.file(), unfinished);
        PendingFile file = moved.orElse(kept.file());
        Inode inode = adopt(kept.content(), file);
        if (moved.isPresent()) {
            contents.keeping().keepAgain(inode);
        }
        return new Adopted(inode, file);
    }

    /**
     * Makes what an earlier process kept a file of this tree again. Of two that have one name the one that comes later
     * replaces the other, as the rename did whose end is missing.
     */
    private Inode adopt(CachedContent content, PendingFile file) throws ForebayException {
        Inode parent = directoryOf(file.name());
        String name = file.name().substring(file.name().lastIndexOf('/') + 1);
        try {
            FileKind kind = PosixAttributes.kindOf(file.headers().metadata());
            Inode before = tree.inodes().find(parent, name);
            boolean stays = before != null
                    && before.isDirectory()
                    && kind == FileKind.DIRECTORY // others are in it already
                    && before.pin();
            if (before != null) {
                if (!stays) {
                    before.markUnlinked();
                    tree.inodes().unlink(before);
                }
                tree.uncommitted().remove(before);
                contents.dropUnused(before);
            }
            PosixAttributes posix = PosixAttributes.of(
                    file.headers().metadata(),
                    PosixAttributes.unsaid(kind, tree.clock().nowNanos(), tree.settings()));
            Inode inode = before != null && stays ? before : newcomer(kind, parent, name, posix);
            inode.setPosix(posix, tree.clock().nowNanos());
            SharedContent shared = new SharedContent(content);
            shared.keptBefore(file.sinceMillis());
            shared.keepInode(); // with the pin that it was made with
            inode.resume(shared, file);
            tree.inodes().link(inode);
            tree.names()
                    .remember(inode); // or a listing that is under way when it is committed finds what was there before
            if (file.replaces().isEmpty()) {
                tree.uncommitted().add(inode);
            }
            return inode;
        } finally {
            tree.inodes().unpin(parent, 1);
        }
    }

    private Inode newcomer(FileKind kind, Inode parent, String name, PosixAttributes posix) {
        return tree.inodes()
                .create(kind, new Inode.Place(parent, name), posix, tree.clock().nowNanos());
    }

    /** Where a blob of that name is in the tree; the directory is pinned. */
    Inode.Place placeOf(String blobName) throws ForebayException {
        return new Inode.Place(directoryOf(blobName), blobName.substring(blobName.lastIndexOf('/') + 1));
    }

    /** The directory that a blob of that name lies in, pinned; of those that are not known we know nothing but the name. */
    private Inode directoryOf(String blobName) throws ForebayException {
        Inode at = tree.inodes().get(FileSystemOperations.ROOT);
        at.pin();
        String[] names = blobName.split("/", -1);
        for (int level = 0; level < names.length - 1; level++) {
            Inode known = tree.inodes().find(at, names[level]);
            if (known == null || !known.pin()) {
                long now = tree.clock().nowNanos();
                known = newcomer(
                        FileKind.DIRECTORY,
                        at,
                        names[level],
                        PosixAttributes.unsaid(FileKind.DIRECTORY, now, tree.settings()));
                tree.inodes().link(known);
            }
            tree.inodes().unpin(at, 1);
            at = known;
        }
        return at;
    }
}
