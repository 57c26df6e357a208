package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steers the uploads of a tree: paths become inodes here. */
final class TreeUploads implements UploadSteering {
    private final Tree tree;
    private final WriteBack writeBack;
    private final Saving saving;
    private final Conflicts conflicts;
    private final PathResolution paths;

    TreeUploads(Tree tree, FileContents contents, WriteBack writeBack, Saving saving, PathResolution paths) {
        this.tree = tree;
        this.writeBack = writeBack;
        this.saving = saving;
        this.conflicts = new Conflicts(tree, contents, writeBack);
        this.paths = paths;
    }

    @Override
    public Report report(Selection what, int most) {
        Map<PendingUpload.State, Sum> sums = new EnumMap<>(PendingUpload.State.class);
        for (PendingUpload.State state : PendingUpload.State.values()) {
            sums.put(state, new Sum(0, 0));
        }
        Duration oldest = Duration.ZERO;
        List<PendingUpload> failed = new ArrayList<>();
        List<PendingUpload> conflicting = new ArrayList<>();
        for (PendingUpload file : writeBack.pending()) {
            if (!what.includes(file.path())) {
                continue;
            }
            sums.merge(file.state(), new Sum(1, file.sizeBytes()), TreeUploads::plus);
            oldest = file.age().compareTo(oldest) > 0 ? file.age() : oldest;
            switch (file.state()) {
                case FAILED -> addUpTo(most, failed, file);
                case CONFLICT -> addUpTo(most, conflicting, file);
                case WAITING, UPLOADING -> {}
            }
        }
        return new Report(
                sums.getOrDefault(PendingUpload.State.WAITING, new Sum(0, 0)),
                sums.getOrDefault(PendingUpload.State.UPLOADING, new Sum(0, 0)),
                sums.getOrDefault(PendingUpload.State.FAILED, new Sum(0, 0)),
                sums.getOrDefault(PendingUpload.State.CONFLICT, new Sum(0, 0)),
                oldest,
                failed,
                conflicting);
    }

    private static Sum plus(Sum one, Sum other) {
        return new Sum(one.files() + other.files(), one.bytes() + other.bytes());
    }

    private static void addUpTo(int most, List<PendingUpload> list, PendingUpload file) {
        if (list.size() < most) {
            list.add(file);
        }
    }

    @Override
    public void flush(Selection what, SteeringProgress progress) throws ForebayException {
        Selection meant = meant(what, progress);
        saving.flush(inode -> meant.includes(inode.blobName()), progress);
        progress.foundAll();
    }

    /** {@code what}, and where its paths lead through symlinks. A path that leads nowhere has failed. */
    private Selection meant(Selection what, SteeringProgress progress) throws ForebayException {
        List<String> pending =
                writeBack.pending().stream().map(PendingUpload::path).toList();
        List<Selection.Part> parts = new ArrayList<>(what.parts());
        for (Selection.Part part : what.parts()) {
            if (part.path().isEmpty() || pending.stream().anyMatch(part::includes)) {
                continue;
            }
            try {
                parts.add(new Selection.Part(blobNameOf(part.path()), Optional.empty()));
            } catch (ForebayException.Interrupted stop) {
                throw stop;
            } catch (ForebayException failure) {
                if (part.pattern().isEmpty()) {
                    progress.failed(part.path(), failure.getMessage());
                }
            }
        }
        return new Selection(parts);
    }

    private String blobNameOf(String path) throws ForebayException {
        Inode inode = paths.find(path);
        try {
            return inode.blobName();
        } finally {
            tree.inodes().unpin(inode, 1);
        }
    }

    @Override
    public Conflict conflict(String path) throws ForebayException {
        return conflicts.describe(conflicting(path));
    }

    @Override
    public void retry(List<String> named, SteeringProgress progress) throws ForebayException {
        decide(named, progress, inode -> conflicts.retry(inode, progress));
    }

    @Override
    public void discard(List<String> named, SteeringProgress progress) throws ForebayException {
        decide(named, progress, inode -> {
            long bytes = inode.attributes().sizeBytes();
            conflicts.discard(inode);
            progress.found(bytes);
            progress.done(bytes);
        });
    }

    /** Ends a conflict. */
    @FunctionalInterface
    private interface Decision {
        void on(Inode inode) throws ForebayException;
    }

    private void decide(List<String> named, SteeringProgress progress, Decision decision) throws ForebayException {
        for (String path : named) {
            try {
                decision.on(conflicting(path));
            } catch (ForebayException.Interrupted stop) {
                throw stop;
            } catch (ForebayException failure) {
                progress.failed(path, failure.getMessage());
            }
        }
        progress.foundAll();
    }

    private Inode conflicting(String path) throws ForebayException {
        Inode named = writeBack.conflictAt(path);
        if (named == null) {
            named = writeBack.conflictAt(blobNameOf(path));
        }
        if (named == null) {
            throw new ForebayException.NotFound("'" + path + "' is not in conflict");
        }
        return named;
    }
}
