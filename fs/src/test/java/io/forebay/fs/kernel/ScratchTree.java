package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.cache.FileRegion;
import io.forebay.fs.AttributeChange;
import io.forebay.fs.Attributes;
import io.forebay.fs.BackingFiles;
import io.forebay.fs.Caller;
import io.forebay.fs.ChangeListener;
import io.forebay.fs.ChangeSource;
import io.forebay.fs.CreatedFile;
import io.forebay.fs.DirectorySink;
import io.forebay.fs.FileKind;
import io.forebay.fs.FileRegions;
import io.forebay.fs.FileSystemOperations;
import io.forebay.fs.LocalAnswers;
import io.forebay.fs.OpenMode;
import io.forebay.fs.RenameMode;
import io.forebay.fs.SpaceStatistics;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file system for tests: names in memory, each file's content in a file of a scratch folder. It counts lookups and
 * handles as the contract asks, so that a test can see whether the door gave everything back, and it can be told to
 * wait, to fail, to answer at once, or to hand its files to the kernel.
 */
class ScratchTree implements FileSystemOperations, FileRegions, LocalAnswers, BackingFiles, ChangeSource {
    private static final long MAX_FILE_BYTES = 1L << 40;

    private final Path folder;
    private final Map<Long, Node> nodes = new HashMap<>();
    private final Map<Long, Opened> handles = new HashMap<>();
    private long nextInode = ROOT + 1;
    private long nextHandle = 1;
    private long forgottenTooOften;

    /** Whether calls are said to wait for nothing. */
    volatile boolean local;
    /** Who is told of changes: the door, while it serves. */
    volatile ChangeListener listener = ChangeListener.NONE;
    /** Whether files are handed to the kernel. */
    volatile boolean backs;
    /** Whether bytes are shown to the door where they lie. */
    volatile boolean showsInPlace;
    /** Whether their transfers break in the middle. */
    volatile boolean breaksTransfers;
    /** What each READ does before it reads. */
    volatile Hook beforeRead = () -> {};
    /** What each LOOKUP of {@code "file"} does before it looks. */
    volatile Hook beforeLookup = () -> {};

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger inPlace = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();

    ScratchTree(Path folder) {
        this.folder = folder;
        nodes.put(
                ROOT,
                new Node(ROOT, FileKind.DIRECTORY, 0755, MountCalls.effectiveUser(), MountCalls.effectiveGroup()));
    }

    interface Hook {
        void run() throws ForebayException;
    }

    private static final class Node {
        final long inode;
        final FileKind kind;
        final Map<String, Node> children = new TreeMap<>();
        String target = "";

        @Nullable
        FileChannel content;

        int permissions;
        int uid;
        int gid;
        long accessNanos = System.currentTimeMillis() * 1_000_000;
        long modifyNanos = accessNanos;
        long lookups;

        Node(long inode, FileKind kind, int permissions, int uid, int gid) {
            this.inode = inode;
            this.kind = kind;
            this.permissions = permissions;
            this.uid = uid;
            this.gid = gid;
        }
    }

    private record Opened(Node node, OpenMode mode) {}

    // ---- what tests look at ----

    /** Inodes other than the root that the kernel still knows. */
    synchronized long lookedUpInodes() {
        return nodes.values().stream().filter(node -> node.lookups > 0).count();
    }

    synchronized long lookups(long inode) {
        Node node = nodes.get(inode);
        return node == null ? 0 : node.lookups;
    }

    /** Forgets that no lookup stands against. */
    synchronized long forgottenTooOften() {
        return forgottenTooOften;
    }

    synchronized int openHandles() {
        return handles.size();
    }

    /** Makes a file without the kernel, as another machine would. */
    synchronized void put(String name, byte[] content) throws IOException {
        Node root = node(ROOT);
        Node file = root.children.computeIfAbsent(name, _ -> newNode(FileKind.FILE, 0644, new Caller(0, 0)));
        Files.write(path(file), content);
    }

    synchronized void remove(String name) {
        node(ROOT).children.remove(name);
    }

    synchronized void close() throws IOException {
        for (Node node : nodes.values()) {
            if (node.content != null) {
                node.content.close();
            }
        }
    }

    // ---- the contract ----

    @Override
    public Attributes lookup(long parent, String name) throws ForebayException {
        if (name.equals("file")) {
            beforeLookup.run();
        }
        return find(parent, name);
    }

    private synchronized Attributes find(long parent, String name) throws ForebayException {
        Node child = child(parent, name);
        child.lookups++;
        return attributes(child);
    }

    @Override
    public synchronized void forget(long inode, long lookups) {
        Node node = nodes.get(inode);
        if (node == null || inode == ROOT) {
            return;
        }
        if (lookups < 0 || lookups > node.lookups) {
            forgottenTooOften++;
            return;
        }
        node.lookups -= lookups;
    }

    @Override
    public synchronized Attributes getattr(long inode) throws ForebayException {
        return attributes(known(inode));
    }

    @Override
    public synchronized Attributes setattr(long inode, AttributeChange change) throws ForebayException {
        Node node = known(inode);
        node.permissions = change.permissions() == null ? node.permissions : change.permissions();
        node.uid = change.uid() == null ? node.uid : change.uid();
        node.gid = change.gid() == null ? node.gid : change.gid();
        if (change.sizeBytes() != null) {
            resize(node, change.sizeBytes());
        }
        node.accessNanos = change.accessNanos() == null ? node.accessNanos : change.accessNanos();
        node.modifyNanos = change.modifyNanos() == null ? node.modifyNanos : change.modifyNanos();
        return attributes(node);
    }

    private static void requirePossible(long sizeBytes) throws ForebayException {
        if (sizeBytes < 0 || sizeBytes > MAX_FILE_BYTES) {
            throw new ForebayException.TooLarge("a file of " + sizeBytes + " bytes");
        }
    }

    private void resize(Node node, long sizeBytes) throws ForebayException {
        requirePossible(sizeBytes);
        try {
            try (RandomAccessFile file = new RandomAccessFile(path(node).toFile(), "rw")) {
                file.setLength(sizeBytes);
            }
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot resize", folder, failure);
        }
    }

    @Override
    public synchronized String readlink(long inode) throws ForebayException {
        return known(inode).target;
    }

    @Override
    public synchronized Attributes symlink(long parent, String name, String target, Caller caller)
            throws ForebayException {
        Node node = add(parent, name, FileKind.SYMLINK, 0777, caller);
        node.target = target;
        return attributes(node);
    }

    @Override
    public synchronized Attributes mkdir(long parent, String name, int permissions, Caller caller)
            throws ForebayException {
        return attributes(add(parent, name, FileKind.DIRECTORY, permissions, caller));
    }

    @Override
    public synchronized Attributes mknod(long parent, String name, FileKind kind, int permissions, Caller caller)
            throws ForebayException {
        return attributes(add(parent, name, kind, permissions, caller));
    }

    @Override
    public synchronized CreatedFile create(long parent, String name, int permissions, OpenMode mode, Caller caller)
            throws ForebayException {
        Node node = add(parent, name, FileKind.FILE, permissions, caller);
        return new CreatedFile(attributes(node), newHandle(node, mode));
    }

    private Node add(long parent, String name, FileKind kind, int permissions, Caller caller) throws ForebayException {
        Node directory = known(parent);
        if (directory.children.containsKey(name)) {
            throw new ForebayException.AlreadyExists(name);
        }
        Node node = newNode(kind, permissions, caller);
        node.lookups = 1;
        directory.children.put(name, node);
        return node;
    }

    private Node newNode(FileKind kind, int permissions, Caller caller) {
        Node node = new Node(nextInode++, kind, permissions, caller.uid(), caller.gid());
        nodes.put(node.inode, node);
        return node;
    }

    @Override
    public synchronized void unlink(long parent, String name) throws ForebayException {
        Node node = child(parent, name);
        if (node.kind == FileKind.DIRECTORY) {
            throw new ForebayException.IsADirectory(name);
        }
        known(parent).children.remove(name);
    }

    @Override
    public synchronized void rmdir(long parent, String name) throws ForebayException {
        if (!child(parent, name).children.isEmpty()) {
            throw new ForebayException.NotEmpty(name);
        }
        known(parent).children.remove(name);
    }

    @Override
    public synchronized void rename(long parent, String name, long newParent, String newName, RenameMode mode)
            throws ForebayException {
        Node node = child(parent, name);
        Node target = known(newParent);
        if (mode == RenameMode.NO_REPLACE && target.children.containsKey(newName)) {
            throw new ForebayException.AlreadyExists(newName);
        }
        known(parent).children.remove(name);
        target.children.put(newName, node);
    }

    @Override
    public synchronized long open(long inode, OpenMode mode) throws ForebayException {
        Node node = known(inode);
        if (mode.truncate()) {
            resize(node, 0);
        }
        return newHandle(node, mode);
    }

    private long newHandle(Node node, OpenMode mode) {
        handles.put(nextHandle, new Opened(node, mode));
        return nextHandle++;
    }

    @Override
    public int read(long handle, long offset, ByteBuffer target) throws ForebayException {
        beforeRead.run();
        reads.incrementAndGet();
        try {
            FileChannel channel = channel(opened(handle).node());
            int total = 0;
            int length = channel.read(target, offset);
            while (length > 0) {
                total += length;
                length = target.hasRemaining() ? channel.read(target, offset + total) : 0;
            }
            return total;
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot read", folder, failure);
        }
    }

    @Override
    public boolean readInPlace(long handle, long offset, int lengthBytes, FileRegion.Reader reader)
            throws ForebayException {
        if (!showsInPlace) {
            return false;
        }
        FileChannel channel = channel(opened(handle).node());
        int length;
        try {
            length = Math.clamp(channel.size() - offset, 0, lengthBytes);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot read", folder, failure);
        }
        if (length == 0) {
            return false;
        }
        inPlace.incrementAndGet();
        reader.read(new Region(channel, offset, length, breaksTransfers));
        return true;
    }

    private record Region(FileChannel channel, long offset, int lengthBytes, boolean breaks) implements FileRegion {
        @Override
        public void transferTo(WritableByteChannel target) throws ForebayException {
            try {
                int most = breaks ? lengthBytes / 2 : lengthBytes;
                if (channel.transferTo(offset, most, target) != lengthBytes) {
                    throw new ForebayException.Corrupt("the file has ended");
                }
            } catch (IOException failure) {
                throw new ForebayException.Corrupt("cannot read", failure);
            }
        }
    }

    @Override
    public int write(long handle, long offset, ByteBuffer source) throws ForebayException {
        writes.incrementAndGet();
        Opened opened = opened(handle);
        int length = source.remaining();
        try {
            FileChannel channel = channel(opened.node());
            long at = opened.mode().append() ? channel.size() : offset;
            requirePossible(at + length);
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
            touch(opened.node());
            return length;
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot write", folder, failure);
        }
    }

    private synchronized void touch(Node node) {
        node.modifyNanos = System.currentTimeMillis() * 1_000_000;
    }

    @Override
    public void flush(long handle) throws ForebayException {
        opened(handle);
    }

    @Override
    public void fsync(long handle) throws ForebayException {
        opened(handle);
    }

    @Override
    public synchronized void release(long handle) {
        handles.remove(handle);
    }

    @Override
    public synchronized long opendir(long inode) throws ForebayException {
        return newHandle(known(inode), OpenMode.READ);
    }

    @Override
    public void readdir(long handle, long cookie, DirectorySink sink) throws ForebayException {
        List<Entry> entries = entries(opened(handle).node());
        for (int index = Math.clamp(cookie, 0, entries.size()); index < entries.size(); index++) {
            if (!sink.accept(entries.get(index).name(), entries.get(index).attributes(), index + 1L)) {
                return;
            }
        }
    }

    @Override
    public void readdirplus(long handle, long cookie, DirectorySink sink) throws ForebayException {
        Node directory = opened(handle).node();
        List<Entry> entries = entries(directory);
        for (int index = Math.clamp(cookie, 0, entries.size()); index < entries.size(); index++) {
            Entry entry = entries.get(index);
            boolean taken;
            if (directory.children.containsKey(entry.name())) {
                Attributes found = lookup(directory.inode, entry.name());
                taken = sink.acceptFound(entry.name(), found, index + 1L);
                if (!taken) {
                    forget(found.inode(), 1);
                }
            } else {
                taken = sink.accept(entry.name(), entry.attributes(), index + 1L);
            }
            if (!taken) {
                return;
            }
        }
    }

    private record Entry(String name, Attributes attributes) {}

    private synchronized List<Entry> entries(Node directory) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(".", attributes(directory)));
        entries.add(new Entry("..", attributes(directory)));
        directory.children.forEach((name, node) -> entries.add(new Entry(name, attributes(node))));
        return entries;
    }

    @Override
    public void fsyncdir(long inode) {
        // Nothing outlives a test.
    }

    @Override
    public void releasedir(long handle) {
        release(handle);
    }

    @Override
    public SpaceStatistics statfs() {
        return new SpaceStatistics(1L << 40, 1L << 39, 255);
    }

    // ---- what is local, and what the kernel may have ----

    @Override
    public boolean lookupIsLocal(long parent, String name) {
        return local;
    }

    @Override
    public boolean getattrIsLocal(long inode) {
        return local;
    }

    @Override
    public boolean openIsLocal(long inode, OpenMode mode) {
        return local;
    }

    @Override
    public boolean readIsLocal(long handle, long offset, int lengthBytes) {
        return local;
    }

    @Override
    public boolean writeIsLocal(long handle, long offset, int lengthBytes) {
        return local;
    }

    @Override
    public boolean opendirIsLocal(long inode) {
        return local;
    }

    @Override
    public boolean readdirIsLocal(long handle) {
        return local;
    }

    @Override
    public boolean flushIsLocal(long handle) {
        return local;
    }

    @Override
    public boolean releaseIsLocal(long handle) {
        return local;
    }

    @Override
    public Optional<Path> backingFile(long handle) throws ForebayException {
        return backs ? Optional.of(lend(opened(handle).node())) : Optional.empty();
    }

    @Override
    public void tell(ChangeListener current) {
        listener = current;
    }

    // ---- inside ----

    private synchronized Opened opened(long handle) throws ForebayException {
        Opened opened = handles.get(handle);
        if (opened == null) {
            throw new ForebayException.BadHandle("handle " + handle);
        }
        return opened;
    }

    private Node known(long inode) throws ForebayException {
        Node node = nodes.get(inode);
        if (node == null) {
            throw new ForebayException.BadHandle("inode " + inode);
        }
        return node;
    }

    private Node node(long inode) {
        Node node = nodes.get(inode);
        if (node == null) {
            throw new IllegalStateException("no inode " + inode);
        }
        return node;
    }

    private Node child(long parent, String name) throws ForebayException {
        Node child = known(parent).children.get(name);
        if (child == null) {
            throw new ForebayException.NotFound(name);
        }
        return child;
    }

    private Path path(Node node) {
        return folder.resolve("inode-" + node.inode);
    }

    @Override
    public void notTaken(long handle) {}

    /** Without a descriptor of our own: the door looks for others that write. */
    private synchronized Path lend(Node node) {
        try {
            channel(node).close();
            node.content = null;
            return path(node);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private synchronized FileChannel channel(Node node) {
        try {
            if (node.content == null) {
                node.content = FileChannel.open(
                        path(node), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            }
            return node.content;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Attributes attributes(Node node) {
        try {
            long size =
                    switch (node.kind) {
                        case FILE -> Files.exists(path(node)) ? Files.size(path(node)) : 0;
                        case SYMLINK -> node.target.length();
                        case DIRECTORY, FIFO, SOCKET -> 0;
                    };
            return new Attributes(
                    node.inode,
                    node.kind,
                    node.permissions,
                    1,
                    node.uid,
                    node.gid,
                    size,
                    node.accessNanos,
                    node.modifyNanos,
                    node.modifyNanos);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
