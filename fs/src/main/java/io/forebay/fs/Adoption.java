package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.KeptContent;
import io.forebay.cache.PendingFile;

/** Takes what earlier processes kept on the local disk into a tree that nobody uses yet. */
final class Adoption {
    private final Tree tree;
    private final FileContents contents;

    Adoption(Tree tree, FileContents contents) {
        this.tree = tree;
        this.contents = contents;
    }

    /**
     * Makes what an earlier process kept a file of this tree again. Of two that have one name the one that comes later
     * replaces the other, as the rename did whose end is missing.
     */
    Inode adopt(KeptContent kept) throws ForebayException {
        PendingFile file = kept.file();
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
            SharedContent shared = new SharedContent(kept.content());
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
