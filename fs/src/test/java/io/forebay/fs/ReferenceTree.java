package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a file system is, said as simply as possible: maps of names and arrays of bytes, one thread, no store. */
final class ReferenceTree {
    /** A file, directory or symlink. */
    static final class Node {
        final FileKind kind;
        final TreeMap<String, Node> children = new TreeMap<>();
        byte[] bytes = new byte[0];
        String target = "";
        int permissions;
        int uid;
        int gid;
        /** The modification time is one of these two or between them, since the clock moves while a request runs. */
        long earliestModifyNanos;

        long latestModifyNanos;
        /** A directory that has a blob of its own, and need not be implied by others. */
        boolean marker;
        /** A file whose name some blob has, be it another one that it is going to replace. */
        boolean stored;
        /** Changed since the last commit. */
        boolean dirty;
        /** Written by another client, which says no time: then it is the blob's, and moving makes another blob. */
        boolean timeIsOfBlob;

        Node(FileKind kind, int permissions, Caller owner) {
            this.kind = kind;
            this.permissions = permissions;
            this.uid = owner.uid();
            this.gid = owner.gid();
        }

        void modifiedBetween(long earliestNanos, long latestNanos) {
            earliestModifyNanos = earliestNanos;
            latestModifyNanos = latestNanos;
            timeIsOfBlob = false;
        }

        /** It and all that is in it are other blobs now. */
        void moved() {
            if (timeIsOfBlob) {
                latestModifyNanos = Long.MAX_VALUE;
            }
            children.values().forEach(Node::moved);
        }

        void resize(int sizeBytes) {
            bytes = Arrays.copyOf(bytes, sizeBytes);
        }

        void write(int offset, int length, byte fill) {
            byte[] written = new byte[length];
            Arrays.fill(written, fill);
            write(offset, written);
        }

        void write(int offset, byte[] written) {
            if (bytes.length < offset + written.length) {
                resize(offset + written.length);
            }
            System.arraycopy(written, 0, bytes, offset, written.length);
        }
    }

    /** Where a path leads: its directory, its last name, and what is there if anything. */
    record Entry(Node parent, String name, @Nullable Node node) {
        Node existing() throws ForebayException {
            if (node == null) {
                throw new ForebayException.NotFound(name);
            }
            return node;
        }

        void requireAbsent() throws ForebayException {
            if (node != null) {
                throw new ForebayException.AlreadyExists(name);
            }
        }
    }

    final Node root = new Node(FileKind.DIRECTORY, 0755, PathTree.OWNER);

    Entry entry(String path) throws ForebayException {
        int slash = path.lastIndexOf('/');
        Node parent = directory(slash < 0 ? "" : path.substring(0, slash));
        String name = path.substring(slash + 1);
        return new Entry(parent, name, parent.children.get(name));
    }

    Node node(String path) throws ForebayException {
        return path.isEmpty() ? root : entry(path).existing();
    }

    Node directory(String path) throws ForebayException {
        Node node = node(path);
        if (node.kind != FileKind.DIRECTORY) {
            throw new ForebayException.NotADirectory(path);
        }
        return node;
    }

    /** What is at {@code path}; null if nothing is, for whatever reason. */
    @Nullable
    Node find(String path) {
        try {
            return node(path);
        } catch (ForebayException nothing) {
            return null;
        }
    }

    static void requireFile(Node node) throws ForebayException {
        switch (node.kind) {
            case FILE -> {}
            case DIRECTORY -> throw new ForebayException.IsADirectory("directory");
            case SYMLINK, FIFO, SOCKET -> throw new ForebayException.InvalidArgument("no content");
        }
    }

    void unlink(String path) throws ForebayException {
        Entry entry = entry(path);
        Node node = entry.existing();
        if (node.kind == FileKind.DIRECTORY) {
            throw new ForebayException.IsADirectory(path);
        }
        entry.parent.children.remove(entry.name);
        if (node.stored) {
            entry.parent.marker = true;
        }
    }

    void rmdir(String path) throws ForebayException {
        Entry entry = entry(path);
        entry.existing();
        if (!directory(path).children.isEmpty()) {
            throw new ForebayException.NotEmpty(path);
        }
        entry.parent.children.remove(entry.name);
        entry.parent.marker = true;
    }

    void rename(String from, String to, RenameMode mode) throws ForebayException {
        directoryOf(from);
        Entry target = new Entry(
                directoryOf(to), lastName(to), directoryOf(to).children.get(lastName(to)));
        Entry source = entry(from);
        Node moved = source.existing();
        if (moved == target.node) {
            return;
        }
        requireAllowed(moved, target, mode);
        boolean replacesBlob = target.node != null && target.node.stored;
        source.parent.children.remove(source.name);
        target.parent.children.put(target.name, moved);
        moved.moved();
        if (moved.kind == FileKind.DIRECTORY) {
            moved.marker = true;
            source.parent.marker = true;
        } else if (moved.stored) {
            source.parent.marker = true;
        } else {
            moved.stored = replacesBlob;
        }
    }

    private void requireAllowed(Node moved, Entry target, RenameMode mode) throws ForebayException {
        if (isWithin(target.parent, moved)) {
            throw new ForebayException.InvalidArgument("into itself");
        }
        Node there = target.node;
        if (there == null) {
            return;
        }
        if (mode == RenameMode.NO_REPLACE) {
            throw new ForebayException.AlreadyExists(target.name);
        }
        if (moved.kind == FileKind.DIRECTORY) {
            if (there.kind != FileKind.DIRECTORY) {
                throw new ForebayException.NotADirectory(target.name);
            }
            if (!there.children.isEmpty()) {
                throw new ForebayException.NotEmpty(target.name);
            }
        } else if (there.kind == FileKind.DIRECTORY) {
            throw new ForebayException.IsADirectory(target.name);
        }
    }

    private static boolean isWithin(Node node, Node ancestor) {
        return node == ancestor || ancestor.children.values().stream().anyMatch(child -> isWithin(node, child));
    }

    private Node directoryOf(String path) throws ForebayException {
        return directory(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Directories that nothing stands for any more are gone. */
    void prune() {
        prune(root);
    }

    private static boolean prune(Node node) {
        node.children.values().removeIf(ReferenceTree::prune);
        return node.kind == FileKind.DIRECTORY && !node.marker && node.children.isEmpty();
    }

    /** The blobs that must be in the store when everything is committed. */
    SortedMap<String, byte[]> blobs() {
        TreeMap<String, byte[]> blobs = new TreeMap<>();
        root.children.forEach((name, child) -> addBlobs(name, child, blobs));
        return blobs;
    }

    private static void addBlobs(String path, Node node, SortedMap<String, byte[]> blobs) {
        switch (node.kind) {
            case FILE -> blobs.put(path, node.bytes);
            case FIFO, SOCKET -> blobs.put(path, new byte[0]);
            case SYMLINK -> blobs.put(path, node.target.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case DIRECTORY -> {
                if (node.marker) {
                    blobs.put(path, new byte[0]);
                }
                node.children.forEach((name, child) -> addBlobs(path + "/" + name, child, blobs));
            }
        }
    }
}
