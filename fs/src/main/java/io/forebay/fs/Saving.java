package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of changes when a file is closed or synced: they are committed to the store, or kept on the local disk and
 * committed later, as its {@link Durability} says. A commit that fails keeps them too, so that no change is lost that the
 * local disk has room for.
 */
final class Saving {
    private static final Logger LOG = LoggerFactory.getLogger(Saving.class);

    private final Tree tree;
    private final FileContents contents;
    private final WriteBack writeBack;
    private final WriteBackSettings settings;

    Saving(Tree tree, FileContents contents, WriteBack writeBack, WriteBackSettings settings) {
        this.tree = tree;
        this.contents = contents;
        this.writeBack = writeBack;
        this.settings = settings;
    }

    /** A descriptor was opened. */
    void opened(Handles.FileHandle file) {
        if (file.mode().write() && !isLocalAtClose(file.inode().blobName())) {
            contents.sendAhead(file.inode(), file.content());
        }
    }

    /** close(2) of one descriptor. */
    void flush(Handles.FileHandle file) throws ForebayException {
        contents.requireCurrent(file);
        if (isDueAtClose(file)) {
            save(file.inode());
        }
    }

    /** A reader saves only what nobody else will: what others still write is theirs to publish. */
    private boolean isDueAtClose(Handles.FileHandle file) {
        if (file.mode().write()) {
            return true;
        }
        Inode inode = file.inode();
        return inode.needsCommit()
                && !FileContents.isOpenForWriting(inode, file.content())
                && (durability(inode).close() == Durability.Level.BLOB
                        || !contents.keeping().isKeptAsIs(inode));
    }

    /**
     * What was changed is to be as safe as after close(2). A small change of a large blob is in the store sooner than the rest
     * of the blob is here.
     */
    void save(Inode inode) throws ForebayException {
        Durability.Level level = durability(inode).close();
        save(inode, contents.isCheaperSent(inode) ? Durability.Level.BLOB : level, false);
    }

    private Durability durability(Inode inode) {
        return settings.of(inode.blobName());
    }

    /** Whether what is made under that name is in the store only a little later. */
    boolean isLocalAtClose(String blobName) {
        return settings.of(blobName).close() == Durability.Level.LOCAL;
    }

    void fsync(Handles.FileHandle file) throws ForebayException {
        contents.requireCurrent(file);
        save(file.inode(), durability(file.inode()).fsync(), true);
    }

    /**
     * Which names {@code directory} has is to be as safe as what was synced: directories that were made are, and what was
     * renamed and removed stays so. New files are there too; their bytes are safe when they are synced themselves.
     *
     * @throws ForebayException what one of the directories has to report, when all is done that can be
     */
    void fsyncDirectory(Inode directory) throws ForebayException {
        @Nullable ForebayException reported = null;
        for (Inode made : tree.uncommitted()) {
            if (made.isDirectory() && (made == directory || made.isIn(directory))) {
                try {
                    save(made, durability(made).fsync(), true);
                } catch (ForebayException failure) {
                    reported = failure;
                }
            }
        }
        tree.cache().sync();
        if (reported != null) {
            throw reported;
        }
    }

    private void save(Inode inode, Durability.Level level, boolean durable) throws ForebayException {
        inode.observe();
        if (!inode.needsCommit()) {
            return;
        }
        if (level == Durability.Level.LOCAL && contents.keeping().keep(inode, durable)) {
            writeBack.add(inode);
            writeBack.report(inode);
        } else {
            commit(inode);
        }
    }

    private void commit(Inode inode) throws ForebayException {
        try {
            contents.commit(inode);
        } catch (ForebayException failure) {
            keepFailed(inode, failure);
            throw failure;
        }
        writeBack.committed(inode);
    }

    private void keepFailed(Inode inode, ForebayException failure) {
        try {
            boolean kept = failure instanceof ForebayException.Changed
                    ? contents.keeping().keepConflict(inode)
                    : contents.keeping().keep(inode, true);
            if (kept) {
                writeBack.addFailed(inode, failure);
            }
        } catch (ForebayException second) {
            failure.addSuppressed(second);
        }
    }

    /** The last descriptor is about to go: pages that a mapping wrote after the last close(2), or a close that failed. */
    void beforeRelease(Handles.FileHandle file) {
        Inode inode = file.inode();
        if (isDueAtClose(file)) {
            try {
                save(inode);
            } catch (ForebayException failure) {
                LOG.warn("kept for a later try name={} reason={}", inode.blobName(), failure.getMessage());
            }
        }
        if (file.mode().write()) {
            contents.endSendingAhead(inode, file.content());
        }
    }

    /** The last descriptor is gone. */
    void released(Handles.FileHandle file) {
        if (file.mode().write()) {
            writeBack.closed(file.inode());
        }
    }

    /**
     * Uploads at once what was closed or synced of {@code which}, and returns when it is in the store or has been tried.
     *
     * @param progress is told of each, and of those that could not be uploaded
     * @throws ForebayException.Interrupted if the caller was interrupted; what waits is uploaded all the same
     */
    void flush(Predicate<Inode> which, SteeringProgress progress) throws ForebayException {
        writeBack.flush(which, progress);
        commitOthers(inode -> which.test(inode) && !contents.isOpenForWriting(inode), progress);
    }

    /** Commits those of {@code which} that need it and do not wait in the write-back. */
    private void commitOthers(Predicate<Inode> which, SteeringProgress progress) {
        for (Inode inode : List.copyOf(tree.inodes().all())) {
            if (!inode.needsCommit() || writeBack.has(inode) || !which.test(inode)) {
                continue;
            }
            long sizeBytes = inode.attributes().sizeBytes();
            progress.found(sizeBytes);
            try {
                commit(inode);
                progress.done(sizeBytes);
            } catch (ForebayException failure) {
                LOG.error("cannot save name={} reason={}", inode.blobName(), failure.getMessage());
                progress.failed(inode.blobName(), failure.getMessage());
            }
        }
    }

    /** Commits whatever is left, and says what could not be. */
    List<UnsavedFile> commitAll() {
        SteeringProgress progress = new SteeringProgress();
        try {
            writeBack.flush(_ -> true, progress);
        } catch (ForebayException interrupted) {
            LOG.warn("uploads are not waited for reason={}", interrupted.getMessage());
        }
        tree.inodes().all().forEach(Saving::observe);
        commitOthers(_ -> true, progress);
        Set<String> kept = writeBack.pending().stream().map(PendingUpload::path).collect(Collectors.toSet());
        return progress.failures().stream()
                .map(failure -> new UnsavedFile(failure.path(), failure.reason(), kept.contains(failure.path())))
                .toList();
    }

    /** Takes note of what the kernel wrote without asking; what that fails for shows when the file is committed. */
    private static void observe(Inode inode) {
        try {
            inode.observe();
        } catch (ForebayException failure) {
            LOG.warn("cannot look for changes name={} reason={}", inode.blobName(), failure.getMessage());
        }
    }
}
