package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.testkit.model.Trial;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does each operation on a tree and on the reference, and compares what they answer; at the end also what is in the
 * store. Another client touches only what is clean and not open for writing: who wins when both write is no matter of a
 * model, and has tests of its own.
 */
final class TreeTrial implements Trial<TreeOperation> {
    private final Path cacheParent;
    private final boolean writesBack;

    /**
     * @param writesBack whether files are uploaded behind the scenes; the mount then dies instead of being ended, and nobody
     *     else writes, since it is not known when a file is clean
     */
    TreeTrial(Path cacheParent, boolean writesBack) {
        this.cacheParent = cacheParent;
        this.writesBack = writesBack;
    }

    @Override
    public void run(List<TreeOperation> operations) throws ForebayException {
        run(operations, tree());
        run(operations, tree().lending());
    }

    private PathTree tree() {
        return writesBack ? PathTree.writingBack(cacheParent) : PathTree.overEmptyStore(cacheParent);
    }

    private void run(List<TreeOperation> operations, PathTree tree) throws ForebayException {
        try (Pair pair = new Pair(tree, writesBack)) {
            for (TreeOperation operation : operations) {
                pair.apply(operation);
            }
            pair.end();
        }
    }

    /** An open file on both sides. */
    private static final class Slot {
        final ReferenceTree.Node node;
        final OpenMode mode;
        final long handle;
        /** Its blob was replaced or deleted by another client: reads give the old bytes or {@code Changed}. */
        boolean stale;

        Slot(ReferenceTree.Node node, OpenMode mode, long handle) {
            this.node = node;
            this.mode = mode;
            this.handle = handle;
        }
    }

    /** Something that gives an answer or fails. */
    @FunctionalInterface
    private interface Request {
        Object answer() throws ForebayException;
    }

    /** The tree, the reference, and what is open in both. */
    private static final class Pair implements AutoCloseable {
        private final ReferenceTree reference = new ReferenceTree();
        private final Map<Integer, Slot> slots = new HashMap<>();
        private final boolean writesBack;
        private PathTree tree;

        Pair(PathTree tree, boolean writesBack) {
            this.tree = tree;
            this.writesBack = writesBack;
        }

        void apply(TreeOperation operation) throws ForebayException {
            switch (operation) {
                case TreeOperation.Create create -> create(create);
                case TreeOperation.Open open -> open(open);
                case TreeOperation.Write write -> write(write);
                case TreeOperation.Read read -> read(read);
                case TreeOperation.Copy copy -> copy(copy);
                case TreeOperation.Fsync(int slot) -> fsync(slot);
                case TreeOperation.Close(int slot) -> close(slot);
                case TreeOperation.Unlink(String path) ->
                    same(operation, nothing(() -> reference.unlink(path)), nothing(() -> tree.unlink(path)));
                case TreeOperation.Mkdir mkdir -> mkdir(mkdir);
                case TreeOperation.Rmdir(String path) ->
                    same(operation, nothing(() -> reference.rmdir(path)), nothing(() -> tree.rmdir(path)));
                case TreeOperation.Rename(String from, String to, RenameMode mode) ->
                    same(
                            operation,
                            nothing(() -> reference.rename(from, to, mode)),
                            nothing(() -> tree.rename(from, to, mode)));
                case TreeOperation.Symlink symlink -> symlink(symlink);
                case TreeOperation.Readlink(String path) ->
                    same(operation, () -> referenceTarget(path), () -> tree.readlink(path));
                case TreeOperation.Truncate truncate -> truncate(truncate);
                case TreeOperation.Chmod(String path, int permissions) ->
                    change(operation, path, AttributeChange.permissions(permissions), node -> {
                        boolean changes = node.permissions != permissions;
                        node.permissions = permissions;
                        return changes;
                    });
                case TreeOperation.Chown(String path, int uid) ->
                    change(operation, path, AttributeChange.owner(uid, null), node -> {
                        boolean changes = node.uid != uid;
                        node.uid = uid;
                        return changes;
                    });
                case TreeOperation.Utimens(String path, long nanos) ->
                    change(operation, path, AttributeChange.times(null, nanos), node -> {
                        node.modifiedBetween(nanos, nanos);
                        return true;
                    });
                case TreeOperation.Stat(String path) -> stat(path);
                case TreeOperation.ListNames(String path) ->
                    same(
                            operation,
                            () -> List.copyOf(reference.directory(path).children.keySet()),
                            () -> tree.names(path));
                case TreeOperation.ReadAll(String path) -> compareContent(path);
                case TreeOperation.CompareAll _ -> compareAll();
                case TreeOperation.Expire _ -> tree.forgetWhatIsKnown();
                case TreeOperation.RemotePut put -> remotePut(put);
                case TreeOperation.RemoteDelete(String path) -> remoteDelete(path);
                case TreeOperation.Remount _ -> remount();
            }
        }

        // ---- open files ----------------------------------------------------------------------------------------

        private void create(TreeOperation.Create create) throws ForebayException {
            if (slots.containsKey(create.slot())) {
                return;
            }
            long before = tree.clock.nowNanos();
            Object handle = answerOf(() -> tree.create(create.path(), create.mode()));
            long after = tree.clock.nowNanos();
            Object node = answerOf(() -> {
                ReferenceTree.Entry entry = reference.entry(create.path());
                entry.requireAbsent();
                ReferenceTree.Node file = new ReferenceTree.Node(FileKind.FILE, 0640, PathTree.CALLER);
                file.modifiedBetween(before, after);
                file.dirty = true;
                entry.parent().children.put(entry.name(), file);
                return file;
            });
            opened(create, create.slot(), create.mode(), node, handle);
        }

        private void open(TreeOperation.Open open) throws ForebayException {
            if (slots.containsKey(open.slot())) {
                return;
            }
            long before = tree.clock.nowNanos();
            Object handle = answerOf(() -> tree.open(open.path(), open.mode()));
            long after = tree.clock.nowNanos();
            Object node = answerOf(() -> {
                ReferenceTree.Node file = reference.node(open.path());
                ReferenceTree.requireFile(file);
                if (open.mode().truncate()) {
                    file.resize(0);
                    file.modifiedBetween(before, after);
                    file.dirty = true;
                }
                return file;
            });
            opened(open, open.slot(), open.mode(), node, handle);
        }

        private void opened(TreeOperation operation, int slot, OpenMode mode, Object expected, Object actual) {
            if (expected instanceof ReferenceTree.Node node && actual instanceof Long handle) {
                slots.put(slot, new Slot(node, mode, handle));
            } else {
                assertThat(actual).as("%s", operation).isEqualTo(expected);
            }
        }

        private void write(TreeOperation.Write write) {
            Slot slot = slots.get(write.slot());
            if (slot == null || slot.stale) {
                return;
            }
            byte[] bytes = new byte[write.length()];
            Arrays.fill(bytes, write.fill());
            long before = tree.clock.nowNanos();
            Object written = answerOf(() -> tree.write(slot.handle, write.offset(), ByteBuffer.wrap(bytes)));
            long after = tree.clock.nowNanos();
            Object expected = answerOf(() -> {
                requireOpenFor(slot.mode.write());
                long offset = slot.mode.append() ? slot.node.bytes.length : write.offset();
                slot.node.write(Math.toIntExact(offset), write.length(), write.fill());
                slot.node.modifiedBetween(before, after);
                slot.node.dirty = true;
                return write.length();
            });
            assertThat(written).as("%s", write).isEqualTo(expected);
        }

        /** What the tree leaves to the kernel is not done at all. Who appends is refused by the kernel. */
        private void copy(TreeOperation.Copy copy) {
            Slot from = slots.get(copy.from());
            Slot to = slots.get(copy.to());
            if (from == null || to == null || from.stale || to.stale || to.mode.append()) {
                return;
            }
            long before = tree.clock.nowNanos();
            Object actual = answerOf(
                    () -> tree.fs.copyRange(from.handle, copy.fromOffset(), to.handle, copy.toOffset(), copy.length()));
            long after = tree.clock.nowNanos();
            if (actual.equals(OptionalInt.empty())) {
                return;
            }
            Object expected = answerOf(() -> {
                requireOpenFor(from.mode.read());
                requireOpenFor(to.mode.write());
                int length = from.node.bytes.length;
                int start = Math.toIntExact(Math.min(copy.fromOffset(), length));
                byte[] bytes = Arrays.copyOfRange(from.node.bytes, start, Math.min(length, start + copy.length()));
                if (bytes.length > 0) {
                    to.node.write(Math.toIntExact(copy.toOffset()), bytes);
                    to.node.modifiedBetween(before, after);
                    to.node.dirty = true;
                }
                return OptionalInt.of(bytes.length);
            });
            assertThat(actual).as("%s", copy).isEqualTo(expected);
        }

        private void read(TreeOperation.Read read) {
            Slot slot = slots.get(read.slot());
            if (slot == null) {
                return;
            }
            Object actual = answerOf(() -> text(tree.read(slot.handle, read.offset(), read.length())));
            Object expected = answerOf(() -> {
                requireOpenFor(slot.mode.read());
                int length = slot.node.bytes.length;
                int from = Math.toIntExact(Math.min(read.offset(), length));
                return text(Arrays.copyOfRange(slot.node.bytes, from, Math.min(length, from + read.length())));
            });
            if (!(slot.stale && actual.equals(ForebayException.Changed.class))) {
                assertThat(actual).as("%s", read).isEqualTo(expected);
            }
        }

        private static void requireOpenFor(boolean allowed) throws ForebayException {
            if (!allowed) {
                throw new ForebayException.BadHandle("not open for that");
            }
        }

        private void fsync(int number) throws ForebayException {
            Slot slot = slots.get(number);
            if (slot != null) {
                tree.fs.fsync(slot.handle);
                committed(slot);
            }
        }

        private void close(int number) throws ForebayException {
            Slot slot = slots.remove(number);
            if (slot != null) {
                tree.close(slot.handle);
                if (slot.mode.write()) {
                    committed(slot);
                } else {
                    readerClosed(slot.node);
                }
            }
        }

        private static void committed(Slot slot) {
            if (!slot.stale) {
                slot.node.stored = true;
                slot.node.dirty = false;
            }
        }

        /** What nobody has open for writing is committed by then. */
        private void readerClosed(ReferenceTree.Node node) {
            if (!isOpenForWriting(node)) {
                node.stored = true;
                node.dirty = false;
            }
        }

        // ---- names and attributes ------------------------------------------------------------------------------

        private void mkdir(TreeOperation.Mkdir mkdir) {
            same(
                    mkdir,
                    nothing(() -> {
                        ReferenceTree.Entry entry = reference.entry(mkdir.path());
                        entry.requireAbsent();
                        ReferenceTree.Node made =
                                new ReferenceTree.Node(FileKind.DIRECTORY, mkdir.permissions(), PathTree.CALLER);
                        made.marker = true;
                        entry.parent().children.put(entry.name(), made);
                    }),
                    nothing(() -> tree.mkdir(mkdir.path(), mkdir.permissions())));
        }

        private void symlink(TreeOperation.Symlink symlink) {
            long before = tree.clock.nowNanos();
            Object actual = answerOf(nothing(() -> tree.symlink(symlink.target(), symlink.path())));
            long after = tree.clock.nowNanos();
            Object expected = answerOf(nothing(() -> {
                ReferenceTree.Entry entry = reference.entry(symlink.path());
                entry.requireAbsent();
                ReferenceTree.Node made = new ReferenceTree.Node(FileKind.SYMLINK, 0777, PathTree.CALLER);
                made.target = symlink.target();
                made.stored = true;
                made.modifiedBetween(before, after);
                entry.parent().children.put(entry.name(), made);
            }));
            assertThat(actual).as("%s", symlink).isEqualTo(expected);
        }

        private String referenceTarget(String path) throws ForebayException {
            ReferenceTree.Node node = reference.node(path);
            if (node.kind != FileKind.SYMLINK) {
                throw new ForebayException.InvalidArgument("not a symlink");
            }
            return node.target;
        }

        private void truncate(TreeOperation.Truncate truncate) {
            long before = tree.clock.nowNanos();
            Object actual =
                    answerOf(nothing(() -> tree.set(truncate.path(), AttributeChange.size(truncate.sizeBytes()))));
            long after = tree.clock.nowNanos();
            Object expected = answerOf(nothing(() -> {
                ReferenceTree.Node node = reference.node(truncate.path());
                ReferenceTree.requireFile(node);
                node.resize(Math.toIntExact(truncate.sizeBytes()));
                node.modifiedBetween(before, after);
                node.dirty = isOpenForWriting(node);
                node.stored |= !node.dirty;
            }));
            assertThat(actual).as("%s", truncate).isEqualTo(expected);
        }

        private boolean isOpenForWriting(ReferenceTree.Node node) {
            return slots.values().stream().anyMatch(slot -> slot.node == node && slot.mode.write());
        }

        /** Changes a node; says whether that made it another than it was. */
        @FunctionalInterface
        private interface NodeChange {
            boolean make(ReferenceTree.Node node);
        }

        private void change(TreeOperation operation, String path, AttributeChange change, NodeChange onNode) {
            same(
                    operation,
                    nothing(() -> {
                        ReferenceTree.Node node = reference.node(path);
                        if (onNode.make(node) && node.kind == FileKind.DIRECTORY) {
                            node.marker = true;
                        }
                    }),
                    nothing(() -> tree.set(path, change)));
        }

        // ---- the other client ----------------------------------------------------------------------------------

        private void remotePut(TreeOperation.RemotePut put) throws ForebayException {
            ReferenceTree.@Nullable Node parent = writesBack ? null : implied(put.path());
            if (parent == null) {
                return;
            }
            String name = put.path().substring(put.path().lastIndexOf('/') + 1);
            ReferenceTree.Node there = parent.children.get(name);
            if (there != null && (there.kind == FileKind.DIRECTORY || isBusy(there))) {
                reference.prune();
                return;
            }
            ReferenceTree.Node file = new ReferenceTree.Node(FileKind.FILE, 0644, PathTree.OWNER);
            file.write(0, put.length(), put.fill());
            file.stored = true;
            long modified = PosixAttributes.nanos(
                    tree.remotePut(put.path(), file.bytes, BlobHeaders.NONE).lastModified());
            file.modifiedBetween(modified, modified);
            file.timeIsOfBlob = true;
            parent.children.put(name, file);
            makeStale(there);
            tree.forgetWhatIsKnown();
        }

        /** The directory of {@code path}, with those made that a blob of that name implies; null if one cannot be. */
        private ReferenceTree.@Nullable Node implied(String path) {
            ReferenceTree.Node at = reference.root;
            String[] names = path.split("/", -1);
            for (int level = 0; level < names.length - 1; level++) {
                at = at.children.computeIfAbsent(
                        names[level], _ -> new ReferenceTree.Node(FileKind.DIRECTORY, 0755, PathTree.OWNER));
                if (at.kind != FileKind.DIRECTORY) {
                    reference.prune();
                    return null;
                }
            }
            return at;
        }

        private boolean isBusy(ReferenceTree.Node node) {
            return node.dirty || isOpenForWriting(node);
        }

        private void remoteDelete(String path) throws ForebayException {
            ReferenceTree.Node node = reference.find(path);
            if (node == null || writesBack || hasDirtyFiles(reference.root)) {
                return;
            }
            if (node.kind != FileKind.DIRECTORY) {
                if (isBusy(node)) {
                    return;
                }
                ReferenceTree.Entry entry = reference.entry(path);
                entry.parent().children.remove(entry.name());
                makeStale(node);
            } else if (node.marker) {
                node.marker = false;
                node.permissions = 0755;
                node.uid = PathTree.OWNER.uid();
                node.gid = PathTree.OWNER.gid();
            } else {
                return;
            }
            tree.remoteDelete(path);
            reference.prune();
            tree.forgetWhatIsKnown();
        }

        /** A directory that only files without a blob keep is of no interest to the store, and so not to this model. */
        private static boolean hasDirtyFiles(ReferenceTree.Node node) {
            return node.dirty || node.children.values().stream().anyMatch(Pair::hasDirtyFiles);
        }

        private void makeStale(ReferenceTree.@Nullable Node node) {
            slots.values().stream().filter(slot -> slot.node == node).forEach(slot -> slot.stale = true);
        }

        // ---- comparing -----------------------------------------------------------------------------------------

        private void stat(String path) {
            Object actual = answerOf(() -> tree.stat(path));
            Object expected = answerOf(() -> reference.node(path));
            if (expected instanceof ReferenceTree.Node node && actual instanceof Attributes attributes) {
                compareAttributes(path, node, attributes);
            } else {
                assertThat(actual).as("stat %s", path).isEqualTo(expected);
            }
        }

        private void compareAll() throws ForebayException {
            compareDirectory("", reference.root);
        }

        private void compareDirectory(String path, ReferenceTree.Node directory) throws ForebayException {
            Map<String, Attributes> listed = tree.list(path);
            assertThat(listed.keySet()).as("names in '%s'", path).isEqualTo(directory.children.keySet());
            for (Map.Entry<String, ReferenceTree.Node> child : directory.children.entrySet()) {
                String childPath = path.isEmpty() ? child.getKey() : path + "/" + child.getKey();
                compareListed(
                        "listed " + childPath, child.getValue(), Objects.requireNonNull(listed.get(child.getKey())));
                compareAttributes(childPath, child.getValue(), tree.stat(childPath));
                switch (child.getValue().kind) {
                    case DIRECTORY -> compareDirectory(childPath, child.getValue());
                    case FILE -> compareContent(childPath);
                    case SYMLINK -> assertThat(tree.readlink(childPath)).isEqualTo(child.getValue().target);
                    case FIFO, SOCKET -> {}
                }
            }
        }

        /** A listing need not say whether a directory that others imply still has a marker with its attributes. */
        private void compareListed(String path, ReferenceTree.Node node, Attributes actual) {
            if (node.kind == FileKind.DIRECTORY) {
                assertThat(actual.kind()).as("kind of %s", path).isEqualTo(node.kind);
            } else {
                compareAttributes(path, node, actual);
            }
        }

        private void compareAttributes(String path, ReferenceTree.Node node, Attributes actual) {
            assertThat(actual.kind()).as("kind of %s", path).isEqualTo(node.kind);
            assertThat(Integer.toOctalString(actual.permissions()))
                    .as("permissions of %s", path)
                    .isEqualTo(Integer.toOctalString(node.permissions));
            assertThat(actual.uid()).as("uid of %s", path).isEqualTo(node.uid);
            assertThat(actual.gid()).as("gid of %s", path).isEqualTo(node.gid);
            if (node.kind != FileKind.DIRECTORY) {
                long size = node.kind == FileKind.FILE ? node.bytes.length : node.target.length();
                assertThat(actual.sizeBytes()).as("size of %s", path).isEqualTo(size);
                if (!tree.isLending() || !isOfTheRealClock(actual.modifyNanos())) {
                    assertThat(actual.modifyNanos())
                            .as("modification time of %s", path)
                            .isBetween(node.earliestModifyNanos, node.latestModifyNanos);
                }
            }
        }

        /**
         * The made-up kernel writes, and only then sets the time of its own clock. An upload that looks in between sees, and
         * keeps, the one of the machine.
         */
        private static boolean isOfTheRealClock(long nanos) {
            long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
            return nanos <= now && now - nanos < TimeUnit.HOURS.toNanos(1);
        }

        private void compareContent(String path) {
            same(
                    new TreeOperation.ReadAll(path),
                    () -> {
                        ReferenceTree.Node node = reference.node(path);
                        ReferenceTree.requireFile(node);
                        readerClosed(node);
                        return text(node.bytes);
                    },
                    () -> text(tree.readAll(path)));
        }

        private static void same(Object operation, Request expected, Request actual) {
            assertThat(answerOf(actual)).as("%s", operation).isEqualTo(answerOf(expected));
        }

        /** The answer, or the kind of failure. */
        private static Object answerOf(Request request) {
            try {
                return request.answer();
            } catch (ForebayException failure) {
                return failure.getClass();
            }
        }

        /** Something that answers with nothing but success. */
        @FunctionalInterface
        private interface Action {
            void run() throws ForebayException;
        }

        private static Request nothing(Action action) {
            return () -> {
                action.run();
                return "done";
            };
        }

        /** Bytes in a form that is short in a failure's message, yet tells any two apart. */
        private static String text(byte[] bytes) {
            StringBuilder runs = new StringBuilder();
            for (int at = 0; at < bytes.length; ) {
                int end = at;
                while (end < bytes.length && bytes[end] == bytes[at]) {
                    end++;
                }
                runs.append(bytes[at]).append('x').append(end - at).append(' ');
                at = end;
            }
            return runs.toString();
        }

        // ---- end -----------------------------------------------------------------------------------------------

        private void remount() throws ForebayException {
            for (int slot = 0; slot < RandomTreeOperations.SLOTS; slot++) {
                close(slot);
            }
            PathTree before = tree;
            if (writesBack) {
                before.abandon();
                tree = before.nextMount();
            } else {
                before.close();
                compareStore();
                tree = before.secondMount();
            }
        }

        private void compareStore() {
            Map<String, byte[]> expected = reference.blobs();
            assertThat(tree.store.names()).as("blobs").containsExactlyInAnyOrderElementsOf(expected.keySet());
            expected.forEach((name, bytes) ->
                    assertThat(text(tree.store.bytes(name))).as("blob %s", name).isEqualTo(text(bytes)));
        }

        /** Everything as it stands, then as the store and a new mount have it. */
        void end() throws ForebayException {
            compareAll();
            remount();
            compareAll();
            tree.close();
            compareStore();
        }

        @Override
        public void close() {
            tree.abandon();
        }
    }
}
