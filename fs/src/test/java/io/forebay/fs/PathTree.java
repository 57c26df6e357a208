package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Precondition;
import io.forebay.cache.BlobUploader;
import io.forebay.cache.CacheSettings;
import io.forebay.cache.FileSpace;
import io.forebay.cache.SparseFileCache;
import io.forebay.cache.StoreBlockSource;
import io.forebay.cache.UploadSettings;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.time.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real tree over the real cache and a store in memory, asked by path as applications do, without a kernel. Each path
 * is looked up from the root, and forgotten when the request is answered.
 */
final class PathTree implements AutoCloseable {
    static final Duration VALIDITY = Duration.ofSeconds(10);
    static final Caller CALLER = new Caller(1000, 1001);
    static final Caller OWNER = new Caller(7, 8);
    static final TreeSettings SETTINGS = new TreeSettings(
            false, OWNER, 0644, 0755, VALIDITY, Duration.ofMinutes(1), TreeSettings.DEFAULT_MAX_CACHED_NAMES, false);

    private final TreeSettings settings;
    final MemoryBlobStore store;
    final ManualClock clock;
    final BlobFileSystem fs;
    private final WriteBackSettings writeBack;
    private final Path folder;
    final HookedCache cache;
    /** Null if the tree is asked for every byte. */
    private @Nullable LendingKernel kernel;

    private PathTree(
            MemoryBlobStore store, ManualClock clock, Path folder, TreeSettings settings, WriteBackSettings writeBack) {
        this.settings = settings;
        this.writeBack = writeBack;
        this.store = store;
        this.clock = clock;
        this.folder = folder;
        try {
            this.cache = new HookedCache(
                    new SparseFileCache(folder, new StoreBlockSource(store), CacheSettings.DEFAULTS, clock));
            AtomicInteger generations = new AtomicInteger();
            BlobUploader uploader =
                    new BlobUploader(store, UploadSettings.DEFAULTS, generations::incrementAndGet, clock);
            this.fs = new BlobFileSystem(store, cache, FileSpace.PLAIN, uploader, settings, writeBack, clock);
            fs.resume();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path cacheIn(Path parent) {
        try {
            return Files.createTempDirectory(parent, "cache");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** From now on files are read and written by a kernel that they are lent to, as far as they are. */
    PathTree lending() {
        kernel = new LendingKernel(fs, clock);
        return this;
    }

    static PathTree overEmptyStore(Path cacheParent) {
        ManualClock clock = ManualClock.ticking();
        return over(new MemoryBlobStore("memory://tree", clock), clock, cacheParent);
    }

    static PathTree over(MemoryBlobStore store, ManualClock clock, Path cacheParent) {
        return new PathTree(store, clock, cacheIn(cacheParent), SETTINGS, WriteBackSettings.DEFAULTS);
    }

    static PathTree writingBack(Path cacheParent) {
        ManualClock clock = ManualClock.ticking();
        return writingBack(new MemoryBlobStore("memory://tree", clock), clock, cacheParent);
    }

    /** One that uploads behind the scenes what is closed, without delay. */
    static PathTree writingBack(MemoryBlobStore store, ManualClock clock, Path cacheParent) {
        WriteBackSettings usual = WriteBackSettings.DEFAULTS;
        WriteBackSettings atOnce = new WriteBackSettings(
                Durability.LOCAL,
                Map.of(),
                Duration.ZERO,
                usual.openInterval(),
                usual.uploads(),
                usual.firstRetry(),
                usual.lastRetry());
        return new PathTree(store, clock, cacheIn(cacheParent), SETTINGS, atOnce);
    }

    /** Another mount of the same container. */
    PathTree secondMount() {
        return secondMount(settings);
    }

    PathTree secondMount(TreeSettings others) {
        PathTree second = new PathTree(store, clock, cacheIn(parentOfCaches()), others, writeBack);
        return kernel == null ? second : second.lending();
    }

    private Path parentOfCaches() {
        return Objects.requireNonNull(folder.getParent());
    }

    Path cacheFolder() {
        return folder;
    }

    /** The next mount with the same cache, after this one was {@linkplain #abandon abandoned}. */
    PathTree nextMount() {
        return nextMount(folder);
    }

    /** The next mount with a copy of the cache as it was at some moment. */
    PathTree nextMount(Path copyOfCache) {
        PathTree next = new PathTree(store, clock, copyOfCache, settings, writeBack);
        return kernel == null ? next : next.lending();
    }

    /** Whether there is a kernel that reads and writes lent files by itself. */
    boolean isLending() {
        return kernel != null;
    }

    /** Time passes until nothing is believed any more without asking the store. */
    void forgetWhatIsKnown() {
        clock.advance(VALIDITY.plusSeconds(1));
    }

    // ---- names -------------------------------------------------------------------------------------------------

    /** What a request does with an inode. */
    interface OnInode<T> {
        T apply(long inode) throws ForebayException;
    }

    /** What a request does with a directory and a name. */
    interface OnEntry<T> {
        T apply(long parent, String name) throws ForebayException;
    }

    <T> T at(String path, OnInode<T> request) throws ForebayException {
        return at(FileSystemOperations.ROOT, path, request);
    }

    private <T> T at(long inode, String path, OnInode<T> request) throws ForebayException {
        if (path.isEmpty()) {
            return request.apply(inode);
        }
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        Attributes found = fs.lookup(inode, name);
        long next = found.inode();
        try {
            if (slash >= 0 && found.kind() != FileKind.DIRECTORY) { // as a kernel does, before it asks for more
                throw new ForebayException.NotADirectory(name);
            }
            return at(next, slash < 0 ? "" : path.substring(slash + 1), request);
        } finally {
            fs.forget(next, 1);
        }
    }

    <T> T entry(String path, OnEntry<T> request) throws ForebayException {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        return at(path.substring(0, slash + 1), parent -> request.apply(parent, name));
    }

    Attributes stat(String path) throws ForebayException {
        return at(path, fs::getattr);
    }

    boolean exists(String path) throws ForebayException {
        try {
            stat(path);
            return true;
        } catch (ForebayException.NotFound _) {
            return false;
        }
    }

    void mkdir(String path) throws ForebayException {
        mkdir(path, 0750);
    }

    void mkdir(String path, int permissions) throws ForebayException {
        forget(entry(path, (parent, name) -> fs.mkdir(parent, name, permissions, CALLER)));
    }

    void mknod(String path, FileKind kind, int permissions) throws ForebayException {
        forget(entry(path, (parent, name) -> fs.mknod(parent, name, kind, permissions, CALLER)));
    }

    void symlink(String target, String path) throws ForebayException {
        forget(entry(path, (parent, name) -> fs.symlink(parent, name, target, CALLER)));
    }

    private void forget(Attributes made) {
        fs.forget(made.inode(), 1);
    }

    String readlink(String path) throws ForebayException {
        return at(path, fs::readlink);
    }

    void unlink(String path) throws ForebayException {
        entry(path, (parent, name) -> {
            fs.unlink(parent, name);
            return true;
        });
    }

    void rmdir(String path) throws ForebayException {
        entry(path, (parent, name) -> {
            fs.rmdir(parent, name);
            return true;
        });
    }

    void rename(String from, String to) throws ForebayException {
        rename(from, to, RenameMode.REPLACE);
    }

    void rename(String from, String to, RenameMode mode) throws ForebayException {
        entry(
                from,
                (parent, name) -> entry(to, (newParent, newName) -> {
                    fs.rename(parent, name, newParent, newName, mode);
                    return true;
                }));
    }

    Attributes set(String path, AttributeChange change) throws ForebayException {
        return at(path, inode -> fs.setattr(inode, change));
    }

    // ---- files -------------------------------------------------------------------------------------------------

    long create(String path) throws ForebayException {
        return create(path, OpenMode.READ_WRITE);
    }

    long create(String path, OpenMode mode) throws ForebayException {
        CreatedFile created = entry(path, (parent, name) -> fs.create(parent, name, 0640, mode, CALLER));
        try {
            return opened(created.attributes().inode(), created.handle(), mode);
        } finally {
            forget(created.attributes());
        }
    }

    /**
     * open(2). Where the name led to another inode than it does by now, as a listing in the background may have found out,
     * Linux looks it up once more.
     */
    long open(String path, OpenMode mode) throws ForebayException {
        try {
            return openOnce(path, mode);
        } catch (ForebayException.Changed _) {
            return openOnce(path, mode);
        }
    }

    private long openOnce(String path, OpenMode mode) throws ForebayException {
        return at(path, inode -> opened(inode, fs.open(inode, mode), mode));
    }

    private long opened(long inode, long handle, OpenMode mode) throws ForebayException {
        return kernel == null ? handle : kernel.opened(inode, handle, mode);
    }

    /** close(2): flush, then release whatever flush said. */
    void close(long handle) throws ForebayException {
        try {
            fs.flush(handle);
        } finally {
            release(handle);
        }
    }

    private void release(long handle) {
        if (kernel != null) {
            kernel.closing(handle);
        }
        fs.release(handle);
    }

    int write(long handle, long offset, String text) throws ForebayException {
        return write(handle, offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    int write(long handle, long offset, ByteBuffer bytes) throws ForebayException {
        return kernel == null ? fs.write(handle, offset, bytes) : kernel.write(handle, offset, bytes);
    }

    byte[] read(long handle, long offset, int length) throws ForebayException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int count = kernel == null ? fs.read(handle, offset, target) : kernel.read(handle, offset, target);
        assertThat(count).as("what read returns is what it put into the buffer").isEqualTo(target.position());
        byte[] bytes = new byte[count];
        target.flip().get(bytes);
        return bytes;
    }

    String readText(long handle) throws ForebayException {
        return new String(read(handle, 0, 1 << 16), StandardCharsets.UTF_8);
    }

    String readText(long handle, long offset, int length) throws ForebayException {
        return new String(read(handle, offset, length), StandardCharsets.UTF_8);
    }

    byte[] readAll(String path) throws ForebayException {
        long handle = open(path, OpenMode.READ);
        try {
            return read(handle, 0, Math.toIntExact(stat(path).sizeBytes()) + 1);
        } finally {
            release(handle);
        }
    }

    String text(String path) throws ForebayException {
        return new String(readAll(path), StandardCharsets.UTF_8);
    }

    /** Creates the file, or replaces its content. */
    void put(String path, String text) throws ForebayException {
        long handle = exists(path) ? open(path, new OpenMode(false, true, true, false)) : create(path, OpenMode.WRITE);
        try {
            write(handle, 0, text);
        } finally {
            close(handle);
        }
    }

    // ---- directories -------------------------------------------------------------------------------------------

    /** The names in a directory, without "." and "..", each with its attributes. */
    SortedMap<String, Attributes> list(String path) throws ForebayException {
        TreeMap<String, Attributes> entries = new TreeMap<>();
        long handle = at(path, fs::opendir);
        try {
            fs.readdir(handle, 0, (name, attributes, _) -> {
                assertThat(entries.put(name, attributes))
                        .as("'%s' is listed once", name)
                        .isNull();
                return true;
            });
        } finally {
            fs.releasedir(handle);
        }
        assertThat(entries.remove(".")).isNotNull();
        assertThat(entries.remove("..")).isNotNull();
        return entries;
    }

    /** An entry as the listing of its directory shows it. */
    Attributes listed(String directory, String name) throws ForebayException {
        return Objects.requireNonNull(list(directory).get(name), () -> "'" + name + "' is not listed");
    }

    List<String> names(String path) throws ForebayException {
        return List.copyOf(list(path).keySet());
    }

    // ---- the other client --------------------------------------------------------------------------------------

    BlobProperties remotePut(String name, String text) throws ForebayException {
        return remotePut(name, text.getBytes(StandardCharsets.UTF_8), BlobHeaders.NONE);
    }

    BlobProperties remotePut(String name, String text, BlobHeaders headers) throws ForebayException {
        return remotePut(name, text.getBytes(StandardCharsets.UTF_8), headers);
    }

    BlobProperties remotePut(String name, byte[] bytes, BlobHeaders headers) throws ForebayException {
        return store.put(name, BlobBody.of(bytes), headers, Precondition.none(), deadline());
    }

    void remoteDelete(String name) throws ForebayException {
        store.delete(name, Precondition.none(), deadline());
    }

    BlobProperties remoteHead(String name) throws ForebayException {
        return store.head(name, deadline());
    }

    String remoteText(String name) {
        return new String(store.bytes(name), StandardCharsets.UTF_8);
    }

    private Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(1), clock);
    }

    // ---- end ---------------------------------------------------------------------------------------------------

    /**
     * Nobody holds anything: then there are no claims, and no inode but those that remembered names keep. What is fetched
     * or listed in the background ends first.
     */
    void assertIdle() {
        Tree tree = fs.tree();
        await("content or inodes that were not let go", () -> {
            tree.names().clear();
            return cache.inUse() == 0 && tree.inodes().all().size() == 1;
        });
        await("claims that were not given back", () -> tree.claims().namesInUse() == 0);
        assertThat(tree.uncommitted()).as("files that were never committed").isEmpty();
    }

    /** Returns when no rename is left that an earlier mount began. */
    void awaitRenames() {
        await("renames", () -> unfinishedRenames().isEmpty());
    }

    /** The records of renames that have not ended. */
    List<Path> unfinishedRenames() {
        Path renames = folder.resolve("renames");
        if (!Files.exists(renames)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(renames)) {
            return files.sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns when something that happens in the background has happened. */
    static void await(String what, BooleanSupplier condition) {
        long endNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - endNanos).as("time is up: %s", what).isNegative();
            Thread.onSpinWait();
        }
    }

    /** Ends the mount without a check, or an upload: for tests that leave it as a failure left it. */
    void abandon() {
        fs.abandon();
        cache.close();
    }

    @Override
    public void close() {
        try {
            assertThat(fs.commitAll()).as("what could not be saved").isEmpty();
            assertIdle();
        } finally {
            cache.close();
        }
    }
}
