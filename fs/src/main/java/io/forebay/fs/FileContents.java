package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import io.forebay.cache.CachedContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The content of files: shared while they are open, committed when they are closed. */
final class FileContents {
    private static final Logger LOG = LoggerFactory.getLogger(FileContents.class);

    private final Tree tree;

    FileContents(Tree tree) {
        this.tree = tree;
    }

    /** The content of {@code inode} for one more user; everyone who has it open gets the same. */
    SharedContent join(Inode inode, boolean writes) throws ForebayException {
        while (true) {
            SharedContent open = joinOpen(inode, writes);
            if (open != null) {
                return open;
            }
            try (PathClaims.Claim _ = tree.claims().toUse(inode)) {
                CachedContent bytes = tree.cache().open(version(inode));
                synchronized (inode) {
                    if (inode.content() == null) {
                        return install(inode, bytes, writes);
                    }
                }
                bytes.close(); // somebody else was faster: join theirs
            }
        }
    }

    /** New content for a file that no blob stands for. */
    SharedContent create(Inode inode) throws ForebayException {
        return install(inode, tree.cache().create(), true);
    }

    private static SharedContent install(Inode inode, CachedContent bytes, boolean writes) {
        SharedContent shared = new SharedContent(bytes);
        shared.join(writes);
        inode.setContent(shared);
        return shared;
    }

    private static @Nullable SharedContent joinOpen(Inode inode, boolean writes) {
        synchronized (inode) {
            SharedContent open = inode.content();
            if (open != null) {
                open.join(writes);
            }
            return open;
        }
    }

    /**
     * One user less. The last one closes the content and lets go of the inode, unless there are changes that could not
     * be saved: those keep both until a later commit succeeds.
     *
     * @return pins of the inode that the caller must take back, its own among them
     */
    int leave(Inode inode, SharedContent shared, boolean writes) {
        synchronized (inode) {
            if (!shared.leave(writes)) {
                return 1;
            }
            if (inode.content() == shared && inode.needsCommit()) {
                return shared.keepInode() ? 0 : 1;
            }
            if (inode.content() == shared) {
                inode.setContent(null);
            }
        }
        shared.bytes().close();
        return shared.keepsInode() ? 2 : 1;
    }

    /** After a commit that came later than the last close: nobody needs the content any more. */
    private void settle(Inode inode) {
        SharedContent shared;
        synchronized (inode) {
            shared = inode.content();
            if (shared == null || shared.isUsed() || !shared.keepsInode() || inode.needsCommit()) {
                return;
            }
            inode.setContent(null);
        }
        shared.bytes().close();
        tree.inodes().unpin(inode, 1);
    }

    private BlobVersion version(Inode inode) throws ForebayException {
        synchronized (inode) {
            Etag etag = inode.etag();
            if (etag == null) {
                throw new ForebayException.NotFound("'" + inode.blobName() + "' was never written");
            }
            return new BlobVersion(tree.store().displayName(), inode.blobName(), etag, inode.committedBytes());
        }
    }

    /**
     * Makes the blob what the file is now: content, attributes, name. Nothing happens if it is that already, or if the
     * file has no name any more. On failure the changes are kept, and the next commit tries again.
     *
     * @throws ForebayException.Changed if somebody else changed the blob meanwhile; theirs stands
     */
    void commit(Inode inode) throws ForebayException {
        if (!inode.needsCommit()) {
            return;
        }
        try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
            if (claim != null) {
                commitClaimed(inode);
            }
        }
    }

    /** {@link #commit} for a caller who holds the name exclusively. */
    void commitClaimed(Inode inode) throws ForebayException {
        if (!inode.needsCommit()) {
            return;
        }
        SharedContent shared = inode.content();
        if (shared == null || (inode.etag() != null && !shared.bytes().isDirty())) {
            saveAttributes(inode);
            return;
        }
        PosixAttributes sent = inode.posix();
        BlobHeaders headers = describing(inode, sent);
        AtomicReference<@Nullable BlobProperties> committed = new AtomicReference<>();
        shared.bytes()
                .commit(
                        image -> {
                            BlobProperties blob =
                                    tree.uploader().upload(inode.blobName(), image, headers, precondition(inode));
                            committed.set(blob);
                            return versionOf(blob);
                        },
                        tree.transferDeadline(shared.bytes().sizeBytes()));
        BlobProperties blob = committed.get();
        if (blob == null) {
            throw new IllegalStateException("a commit ended well without an upload: " + inode);
        }
        inode.committed(blob, sent, tree.clock().nanoTime());
        tree.uncommitted().remove(inode);
    }

    private static Precondition precondition(Inode inode) {
        Etag replaced = inode.etag();
        return replaced == null ? Precondition.ifAbsent() : Precondition.ifMatch(replaced);
    }

    private BlobVersion versionOf(BlobProperties blob) {
        return new BlobVersion(tree.store().displayName(), blob.name(), blob.etag(), blob.lengthBytes());
    }

    private static BlobHeaders describing(Inode inode, PosixAttributes attributes) {
        BlobHeaders headers = inode.headers();
        return headers.withMetadata(attributes.addTo(headers.metadata(), inode.kind()));
    }

    /** Writes the attributes of {@code inode} to the metadata of its blob. The caller holds the name exclusively. */
    void saveAttributes(Inode inode) throws ForebayException {
        PosixAttributes sent = inode.posix();
        BlobProperties blob = tree.store()
                .setMetadata(
                        inode.blobName(), describing(inode, sent).metadata(), precondition(inode), tree.deadline());
        inode.committed(blob, sent, tree.clock().nanoTime());
        rebase(inode, blob);
    }

    /** The content of {@code inode} is unchanged, but its blob has another name or etag now. */
    void rebase(Inode inode, BlobProperties blob) {
        SharedContent shared = inode.content();
        if (shared != null) {
            shared.bytes().rebase(versionOf(blob));
        }
    }

    /** Fetches what is missing, so that open handles outlive the blob. */
    void fillIfOpen(Inode inode) throws ForebayException {
        SharedContent shared = inode.content();
        if (shared != null && inode.etag() != null) {
            shared.bytes().fill(tree.transferDeadline(shared.bytes().sizeBytes()));
        }
    }

    /** Commits whatever is left, and says what could not be. */
    List<String> commitAll() {
        List<String> failures = new ArrayList<>();
        for (Inode inode : List.copyOf(tree.inodes().all())) {
            try {
                commit(inode);
                settle(inode);
            } catch (ForebayException failure) {
                LOG.error("cannot save name={} reason={}", inode.blobName(), failure.getMessage());
                failures.add("'" + inode.blobName() + "': " + failure.getMessage());
            }
        }
        return failures;
    }
}
