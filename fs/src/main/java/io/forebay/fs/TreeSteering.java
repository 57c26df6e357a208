package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import io.forebay.cache.CacheFigures;
import io.forebay.cache.CacheInventory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Steers the cache of a tree: paths become blob names here, and blob names become versions. */
final class TreeSteering implements CacheSteering {
    /** Directories that are told apart in one report, at some 150 bytes each; those that come later are one group. */
    private static final int MAX_GROUPS = 10_000;

    private final Tree tree;
    private final CacheInventory inventory;
    private final PathResolution paths;
    private final SelectedFiles selected;

    TreeSteering(Tree tree, CacheInventory inventory, PathResolution paths) {
        this.tree = tree;
        this.inventory = inventory;
        this.paths = paths;
        this.selected = new SelectedFiles(tree, paths);
    }

    /** A cache that had to make room meanwhile is looked through once more. */
    @Override
    public void warm(Selection what, SteeringProgress progress) throws ForebayException {
        warm(what, progress, OptionalLong.empty());
    }

    private void warm(Selection what, SteeringProgress progress, OptionalLong pinSeconds) throws ForebayException {
        long evictedBefore = inventory.figures().evictedFiles();
        new Warmup(tree, inventory, selected, progress, pinSeconds, Warmup.MAX_REMEMBERED).run(what);
        if (inventory.figures().evictedFiles() != evictedBefore) {
            requireStillHere(what);
        }
    }

    /** What came last may have pushed out what came first. */
    private void requireStillHere(Selection what) throws ForebayException {
        SteeringProgress now = new SteeringProgress();
        check(what, now);
        SteeringProgress.State state = now.state();
        long gone = state.foundFiles() - state.presentFiles();
        if (gone > 0) {
            throw new ForebayException.NoSpace("the cache does not hold all of it: " + gone + " of "
                    + state.foundFiles()
                    + " files are not here any more, given up for the others; raise --cache-size, or"
                    + " name less");
        }
    }

    /** What is pinned now counts as used now; so what else is pinned there was pinned before, for what was there then. */
    @Override
    public void pin(Selection what, SteeringProgress progress) throws ForebayException {
        long beganSeconds = tree.clock().now().getEpochSecond();
        warm(what, progress, OptionalLong.of(beganSeconds));
        if (progress.state().failedFiles() == 0) {
            unpinAll(what, beganSeconds, new SteeringProgress());
        }
    }

    @Override
    public void unpin(Selection what, SteeringProgress progress) throws ForebayException {
        if (unpinAll(what, Long.MAX_VALUE, progress) == 0) {
            unpinAll(behindSymlinks(what), Long.MAX_VALUE, progress);
        }
        progress.foundAll();
    }

    /** @return how many there were that were not used since {@code beforeSeconds} */
    private long unpinAll(Selection what, long beforeSeconds, SteeringProgress progress) throws ForebayException {
        List<CacheInventory.Entry> pinned = new ArrayList<>();
        long all = 0;
        do {
            pinned.clear();
            inventory.visit(tree.store().displayName(), what::includes, one -> {
                if (one.isPinned() && one.lastUseSeconds() < beforeSeconds) {
                    pinned.add(one);
                }
            });
            for (CacheInventory.Entry one : pinned) {
                long bytes = one.presentBytes();
                if (inventory.unpin(one)) { // else it moved meanwhile, and is looked for again
                    progress.found(bytes);
                    progress.done(bytes);
                    all++;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new ForebayException.Interrupted("it was stopped");
                }
            }
        } while (!pinned.isEmpty());
        return all;
    }

    @Override
    public void check(Selection what, SteeringProgress progress) throws ForebayException {
        selected.visit(what, new SelectedFiles.Visitor() {
            @Override
            public void found(List<BlobVersion> files, Optional<SelectedFiles.Page> page) {
                files.forEach(file -> look(file, progress));
            }

            @Override
            public void failed(String path, ForebayException reason) {
                progress.failed(path, reason.getMessage());
            }
        });
        progress.foundAll();
    }

    private void look(BlobVersion file, SteeringProgress progress) {
        long present = inventory.presentBytes(file);
        progress.found(file.lengthBytes());
        if (Warmup.isHere(tree, file, present)) {
            progress.present(file.lengthBytes());
        } else {
            progress.presentInPart(present);
        }
    }

    @Override
    public void evict(Selection what, SteeringProgress progress) throws ForebayException {
        if (evictNamed(what, progress) == 0) {
            evictNamed(behindSymlinks(what), progress);
        }
        progress.foundAll();
    }

    /** @return how many there were */
    private long evictNamed(Selection what, SteeringProgress progress) throws ForebayException {
        List<CacheInventory.Entry> all = new ArrayList<>();
        inventory.visit(tree.store().displayName(), what::includes, all::add);
        for (CacheInventory.Entry one : all) {
            progress.found(one.presentBytes());
            evict(one, progress);
            if (Thread.currentThread().isInterrupted()) {
                throw new ForebayException.Interrupted("the eviction was stopped");
            }
        }
        return all.size();
    }

    private void evict(CacheInventory.Entry one, SteeringProgress progress) {
        long bytes = one.presentBytes();
        switch (inventory.remove(one)) {
            case REMOVED -> progress.done(bytes);
            case ABSENT -> progress.present(0);
            case PINNED -> progress.failed(one.name(), "is pinned; 'forebay unpin' first");
            case IN_USE -> progress.failed(one.name(), reasonToKeep(one.name()));
        }
    }

    private String reasonToKeep(String name) {
        Inode inode = PathResolution.peek(tree, name);
        return inode != null && inode.isAheadOfStore() ? "has changes that are not uploaded yet" : "is open";
    }

    /** What the paths lead to, where that is something else than they say. */
    private Selection behindSymlinks(Selection what) {
        List<Selection.Part> parts = new ArrayList<>();
        for (Selection.Part part : what.parts()) {
            try {
                Inode inode = paths.find(part.path());
                String name = inode.blobName();
                tree.inodes().unpin(inode, 1);
                if (!name.equals(part.path())) {
                    parts.add(new Selection.Part(name, Optional.empty()));
                }
            } catch (ForebayException.Unavailable | ForebayException.Interrupted storeIsAway) {
                return new Selection(parts);
            } catch (ForebayException _) {
                // It leads nowhere, so there is nothing else that it could mean.
            }
        }
        return new Selection(parts);
    }

    @Override
    public CacheReport report(Selection what, int most) throws ForebayException {
        Groups groups = new Groups(what);
        inventory.visit(tree.store().displayName(), what::includes, groups::add);
        CacheFigures figures = inventory.figures();
        List<Disk> disks = figures.disks().stream()
                .map(disk -> new Disk(
                        disk.path().toString(),
                        disk.limitBytes(),
                        disk.restingBytes(),
                        disk.pinnedBytes(),
                        disk.freeBytes(),
                        disk.totalBytes()))
                .toList();
        List<FailedDisk> failed = figures.failed().stream()
                .map(disk -> new FailedDisk(disk.path().toString(), disk.reason()))
                .toList();
        return new CacheReport(
                disks,
                failed,
                figures.resting(),
                figures.inUse(),
                figures.evictedFiles(),
                figures.evictedBytes(),
                figures.damaged(),
                groups.files,
                groups.bytes,
                groups.pinnedFiles,
                groups.pinnedBytes,
                groups.largest(most));
    }

    /** Sums by what lies directly in the selected directories. */
    private static final class Groups {
        private static final String OTHERS = "(others)/";

        private final Selection what;
        private final Map<String, Group> byPath = new HashMap<>();
        private long files;
        private long bytes;
        private long pinnedFiles;
        private long pinnedBytes;

        Groups(Selection what) {
            this.what = what;
        }

        void add(CacheInventory.Entry one) {
            long present = one.presentBytes();
            files++;
            bytes += present;
            pinnedFiles += one.isPinned() ? 1 : 0;
            pinnedBytes += one.isPinned() ? present : 0;
            String path = groupOf(one.name());
            if (byPath.size() >= MAX_GROUPS && !byPath.containsKey(path)) {
                path = OTHERS;
            }
            byPath.merge(
                    path,
                    new Group(path, 1, present),
                    (sum, more) -> new Group(sum.path(), sum.files() + 1, sum.bytes() + more.bytes()));
        }

        private String groupOf(String name) {
            int from = 0;
            for (Selection.Part part : what.parts()) {
                if (part.includes(name) && name.startsWith(part.path() + "/")) {
                    from = part.path().length() + 1;
                    break;
                }
            }
            int slash = name.indexOf('/', from);
            return slash < 0 ? name : name.substring(0, slash + 1);
        }

        List<Group> largest(int most) {
            return byPath.values().stream()
                    .sorted(Comparator.comparingLong(Group::bytes).reversed().thenComparing(Group::path))
                    .limit(most)
                    .toList();
        }
    }
}
