package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Finds what a path leads to, as a kernel would: name by name, through the symlinks on its way. */
final class PathResolution {
    /** As Linux has it. */
    private static final int MAX_SYMLINKS = 40;

    /** Reads where a symlink leads. */
    @FunctionalInterface
    interface Links {
        String target(Inode symlink) throws ForebayException;
    }

    private final Tree tree;
    private final Lookups lookups;
    private final Links links;

    PathResolution(Tree tree, Lookups lookups, Links links) {
        this.tree = tree;
        this.lookups = lookups;
        this.links = links;
    }

    /**
     * The file or directory at {@code path}, pinned once for the caller.
     *
     * @param path from the root; empty for the root itself
     * @throws ForebayException.NotFound if there is nothing
     * @throws ForebayException.InvalidArgument if a symlink leads out of the tree, or in circles
     */
    Inode find(String path) throws ForebayException {
        Deque<String> left = new ArrayDeque<>();
        push(left, path);
        Inode at = pinnedRoot();
        int symlinks = 0;
        try {
            while (!left.isEmpty()) {
                String name = left.pop();
                if (name.equals("..")) {
                    at = swap(at, parentOf(at, path));
                    continue;
                }
                Inode next = lookups.find(at, name);
                if (next.kind() != FileKind.SYMLINK) {
                    at = swap(at, next);
                    continue;
                }
                try {
                    if (++symlinks > MAX_SYMLINKS) {
                        throw new ForebayException.InvalidArgument("'" + path + "' leads through too many symlinks");
                    }
                    push(left, targetOf(next, path));
                } finally {
                    tree.inodes().unpin(next, 1);
                }
            }
            return at;
        } catch (ForebayException | RuntimeException failure) {
            tree.inodes().unpin(at, 1);
            throw failure;
        }
    }

    /** What is open or unsaved at {@code path}, or null; asks nobody and follows nothing. Not pinned. */
    static @Nullable Inode peek(Tree tree, String path) {
        Inode at = tree.inodes().peek(FileSystemOperations.ROOT);
        for (String name : path.split("/")) {
            if (at == null) {
                return null;
            }
            at = tree.inodes().find(at, name);
        }
        return at;
    }

    private String targetOf(Inode symlink, String path) throws ForebayException {
        String target = links.target(symlink);
        if (target.startsWith("/")) {
            throw outside(path);
        }
        return target;
    }

    private Inode parentOf(Inode at, String path) throws ForebayException {
        Inode.Place place = at.place();
        if (place == null || !place.parent().pin()) {
            throw outside(path);
        }
        return place.parent();
    }

    private static ForebayException outside(String path) {
        return new ForebayException.InvalidArgument("a symlink on the way to '" + path + "' leads out of the mount");
    }

    private Inode pinnedRoot() throws ForebayException {
        Inode root = tree.inodes().get(FileSystemOperations.ROOT);
        if (!root.pin()) {
            throw new ForebayException.BadHandle("the tree is closed");
        }
        return root;
    }

    private Inode swap(Inode letGo, Inode taken) {
        tree.inodes().unpin(letGo, 1);
        return taken;
    }

    private static void push(Deque<String> left, String path) {
        for (String name : Arrays.asList(path.split("/")).reversed()) {
            if (!name.isEmpty() && !name.equals(".")) {
                left.push(name);
            }
        }
    }
}
