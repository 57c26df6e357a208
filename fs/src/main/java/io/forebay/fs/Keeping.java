package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.PendingFile;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps changes on the local disk until they are in the store, with a note in the journal of what is to become of them: so
 * that they outlive this process, and the machine's power where that was asked for.
 */
final class Keeping {
    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);

    private final Tree tree;
    private final FileContents contents;

    Keeping(Tree tree, FileContents contents) {
        this.tree = tree;
        this.contents = contents;
    }

    /**
     * Keeps the changes of {@code inode} on the local disk, with a note of what is to become of them.
     *
     * @param durable whether they are to outlive the machine's power
     * @return false if there is nothing that can be kept so
     */
    boolean keep(Inode inode, boolean durable) throws ForebayException {
        return keep(inode, durable, PendingFile.State.WAITING);
    }

    /** {@link #keep} what cannot be committed, since somebody else has changed the blob. */
    boolean keepConflict(Inode inode) throws ForebayException {
        return keep(inode, true, PendingFile.State.CONFLICT);
    }

    /** What was kept of {@code inode} is to become something else: its name or its attributes are others now. */
    void keepAgain(Inode inode) throws ForebayException {
        if (isKept(inode)) {
            inode.observe();
            inode.moved(tree.clock().nowNanos());
            keep(inode, isKeptSafe(inode)); // what was synced once must not be in doubt under its next name
        }
    }

    /**
     * {@code target} is kept, and about to lose its name to {@code source}: from now on that is kept at least as well, so
     * that one of the two is found whatever breaks, also while {@code source} is still being written.
     */
    void keepInsteadOf(Inode target, Inode source) throws ForebayException {
        if (isKept(target) && !source.isDirectory()) {
            keep(source, isKeptSynced(target));
        }
    }

    /** Whether a power cut leaves something of it here that is to be uploaded. */
    static boolean isKeptSynced(Inode inode) {
        synchronized (inode) {
            SharedContent shared = inode.content();
            return shared != null && shared.isKeptSynced();
        }
    }

    private static boolean isKeptSafe(Inode inode) {
        synchronized (inode) {
            SharedContent shared = inode.content();
            return shared != null && shared.isKeptSafe();
        }
    }

    boolean isKept(Inode inode) {
        synchronized (inode) {
            SharedContent shared = inode.content();
            return shared != null && shared.isKept();
        }
    }

    /** Whether what is kept of {@code inode} is all that there is to keep. */
    boolean isKeptAsIs(Inode inode) {
        synchronized (inode) {
            SharedContent shared = inode.content();
            return shared != null && inode.isKeptAsIs(shared, false);
        }
    }

    private boolean keep(Inode inode, boolean durable, PendingFile.State state) throws ForebayException {
        inode.observe();
        SharedContent shared = inode.needsCommit() ? contents.borrow(inode) : null;
        if (shared == null) {
            return false;
        }
        shared.keeping().lock();
        try {
            if (state == PendingFile.State.WAITING && inode.isKeptAsIs(shared, durable)) {
                return true;
            }
            boolean kept = !inode.isUnlinked() && keepNow(inode, shared, durable, state);
            if (!kept) {
                inode.forgetKept(shared);
            }
            return kept;
        } finally {
            shared.keeping().unlock();
            contents.giveBack(inode, shared);
        }
    }

    private boolean keepNow(Inode inode, SharedContent shared, boolean durable, PendingFile.State state)
            throws ForebayException {
        boolean done = false;
        try {
            boolean kept = shared.bytes()
                    .keep(
                            pending(inode, shared, durable, state),
                            durable,
                            tree.transferDeadline(shared.bytes().sizeBytes()));
            done = true;
            return kept;
        } finally {
            if (!done) {
                inode.keepFailed(shared); // or the next fsync would find nothing left to do
            }
        }
    }

    private PendingFile pending(Inode inode, SharedContent shared, boolean durable, PendingFile.State state) {
        synchronized (inode) {
            return new PendingFile(
                    tree.store().displayName(),
                    inode.blobName(),
                    Optional.ofNullable(inode.etag()),
                    FileContents.describing(inode, inode.posix()),
                    shared.keep(tree.clock().now().toEpochMilli(), durable),
                    state,
                    inode.mayBe());
        }
    }

    /**
     * A commit has ended well: what was kept is kept no more, or, if bytes or attributes were changed meanwhile, is kept
     * once more, to replace the version that there is now. A failure leaves the journal behind the store, which the next
     * process finds out.
     */
    void settle(Inode inode, SharedContent shared) {
        shared.keeping().lock();
        try {
            if (inode.needsCommit()) {
                keepAgain(inode);
            } else {
                shared.bytes().letGo();
                inode.forgetKept(shared);
            }
        } catch (ForebayException failure) {
            LOG.warn("a journal is out of date name={} reason={}", inode.blobName(), failure.getMessage());
        } finally {
            shared.keeping().unlock();
        }
    }

    void letGo(Inode inode, SharedContent shared) {
        shared.keeping().lock(); // who keeps it after that finds that it has no name
        try {
            if (isKept(shared, inode)) {
                shared.bytes().letGo();
                inode.forgetKept(shared);
            }
        } catch (ForebayException failure) {
            LOG.warn("a file that was removed may come back name={} reason={}", inode.blobName(), failure.getMessage());
        } finally {
            shared.keeping().unlock();
        }
    }

    private static boolean isKept(SharedContent shared, Inode inode) {
        synchronized (inode) {
            return shared.isKept();
        }
    }
}
