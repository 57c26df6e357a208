package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Metadata;
import io.forebay.cache.CacheInventory;
import io.forebay.cache.ContentCache;
import io.forebay.cache.FileRegion;
import io.forebay.cache.FileSpace;
import io.forebay.cache.Uploader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container of blobs as a tree of files.
 *
 * <p>This class is the hall: it turns inode numbers and handles into inodes and open files, and shows each request to
 * its room. {@link Lookups} finds names, {@link Directories} makes and removes them, {@link Renames} moves them,
 * {@link AttributeEdits} changes what {@code stat} shows, {@link FileContents} opens and commits content.
 */
public final class BlobFileSystem
        implements FileSystemOperations,
                FileSpaceOperations,
                FileCopyOperations,
                ExtendedAttributes,
                FileRegions,
                LocalAnswers,
                Validity,
                BackingFiles,
                ChangeSource,
                AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlobFileSystem.class);

    /**
     * What {@code df} shows: 1 PiB, all of it free. A container has no size to show, and programs that look before they
     * write must not be kept from writing by the size of the cache disk.
     */
    private static final long CAPACITY_BYTES = 1L << 50;

    private final Tree tree;
    private final Lookups lookups;
    private final FileContents contents;
    private final WriteBack writeBack;
    private final Saving saving;
    private final Directories directories;
    private final Renames renames;
    private final UnfinishedRenames unfinishedRenames;
    private final AttributeEdits attributeEdits;
    private final SiblingPrefetch siblings;
    private final UserAttributeEdits userAttributeEdits;
    private final FileRanges ranges;
    private final FileCopies copies;
    private final SymlinkTargets symlinkTargets;
    private final Handles handles = new Handles();

    /** @param space what can be done with the room that content takes on the local disk */
    public BlobFileSystem(
            BlobStore store,
            ContentCache cache,
            FileSpace space,
            Uploader uploader,
            TreeSettings settings,
            WriteBackSettings writeBackSettings,
            Clock clock) {
        tree = Tree.over(store, cache, uploader, settings, clock);
        lookups = new Lookups(tree);
        contents = new FileContents(tree);
        writeBack = new WriteBack(tree, contents, writeBackSettings);
        saving = new Saving(tree, contents, writeBack, writeBackSettings);
        directories = new Directories(tree, lookups, contents, saving, writeBack);
        renames = new Renames(tree, lookups, contents, directories);
        unfinishedRenames = new UnfinishedRenames(tree, renames, writeBackSettings);
        attributeEdits = new AttributeEdits(tree, lookups, contents, directories, saving);
        siblings = new SiblingPrefetch(tree, lookups);
        userAttributeEdits = new UserAttributeEdits(tree, attributeEdits);
        symlinkTargets = new SymlinkTargets(tree);
        ranges = new FileRanges(tree, contents, space);
        copies = new FileCopies(tree, contents);
    }

    // ---- names -------------------------------------------------------------------------------------------------

    @Override
    public Attributes lookup(long parent, String name) throws ForebayException {
        return shown(lookups.find(tree.inodes().get(parent), name));
    }

    @Override
    public void forget(long inode, long lookupsToForget) {
        Inode known = tree.inodes().peek(inode);
        if (known != null && inode != ROOT) {
            tree.inodes().unpin(known, lookupsToForget);
        }
    }

    @Override
    public Attributes symlink(long parent, String name, String target, Caller caller) throws ForebayException {
        return directories
                .makeSymlink(tree.inodes().get(parent), name, target, caller)
                .attributes();
    }

    @Override
    public Attributes mkdir(long parent, String name, int permissions, Caller caller) throws ForebayException {
        return directories
                .makeDirectory(tree.inodes().get(parent), name, permissions, caller)
                .attributes();
    }

    @Override
    public Attributes mknod(long parent, String name, FileKind kind, int permissions, Caller caller)
            throws ForebayException {
        return directories
                .makeMeetingPoint(tree.inodes().get(parent), name, kind, permissions, caller)
                .attributes();
    }

    @Override
    public void unlink(long parent, String name) throws ForebayException {
        directories.removeFile(tree.inodes().get(parent), name);
    }

    @Override
    public void rmdir(long parent, String name) throws ForebayException {
        directories.removeDirectory(tree.inodes().get(parent), name);
    }

    @Override
    public void rename(long parent, String name, long newParent, String newName, RenameMode mode)
            throws ForebayException {
        renames.rename(tree.inodes().get(parent), name, tree.inodes().get(newParent), newName, mode);
    }

    // ---- attributes --------------------------------------------------------------------------------------------

    @Override
    public Attributes getattr(long inode) throws ForebayException {
        Inode known = tree.inodes().get(inode);
        refreshUnlessOpen(known);
        return shown(known);
    }

    /** What {@code stat} shows, with what the kernel wrote until now. */
    private static Attributes shown(Inode inode) throws ForebayException {
        inode.observe();
        return inode.attributes();
    }

    @Override
    public Attributes setattr(long inode, AttributeChange change) throws ForebayException {
        Inode known = tree.inodes().get(inode);
        refreshUnlessOpen(known);
        known.observe(); // or what was written before would later overrule a time that is set now
        attributeEdits.apply(known, change);
        return shown(known);
    }

    /** {@link #refresh}; a file that turns out to be gone is still there for those who have it open. */
    private void refreshUnlessOpen(Inode inode) throws ForebayException {
        try {
            refresh(inode);
        } catch (ForebayException.NotFound gone) {
            if (inode.content() == null) {
                throw gone;
            }
        }
    }

    /** Asks the store again if what is known of {@code inode} may be old. */
    private void refresh(Inode inode) throws ForebayException {
        Inode.Place place = inode.place();
        if (place == null || lookups.isCurrent(inode, tree.clock().nanoTime())) {
            return;
        }
        Inode found = lookups.find(place.parent(), place.name());
        tree.inodes().unpin(found, 1);
        if (found != inode && place.equals(inode.place())) {
            throw new ForebayException.Changed("'" + place.name() + "' was replaced by something else");
        }
    }

    @Override
    public Optional<byte[]> getxattr(long inode, String name) throws ForebayException {
        if (name.equals(UploadState.ATTRIBUTE)) {
            return UploadState.of(tree.inodes().get(inode), writeBack);
        }
        return UserAttributes.get(metadataOf(inode), name);
    }

    @Override
    public List<String> listxattr(long inode) throws ForebayException {
        return UserAttributes.names(metadataOf(inode));
    }

    private Metadata metadataOf(long inode) throws ForebayException {
        Inode known = tree.inodes().get(inode);
        refreshUnlessOpen(known);
        return known.headers().metadata();
    }

    @Override
    public boolean setxattr(long inode, String name, byte[] value, Setting setting) throws ForebayException {
        UploadState.requireOther(name);
        return userAttributeEdits.set(tree.inodes().get(inode), name, value, setting);
    }

    @Override
    public boolean removexattr(long inode, String name) throws ForebayException {
        UploadState.requireOther(name);
        return userAttributeEdits.remove(tree.inodes().get(inode), name);
    }

    @Override
    public String readlink(long inode) throws ForebayException {
        Inode symlink = tree.inodes().get(inode);
        if (symlink.kind() != FileKind.SYMLINK) {
            throw new ForebayException.InvalidArgument("'" + symlink.blobName() + "' is not a symlink");
        }
        refresh(symlink);
        String known = symlink.symlinkTarget();
        return known != null ? known : symlinkTargets.fetch(symlink);
    }

    // ---- files -------------------------------------------------------------------------------------------------

    @Override
    public CreatedFile create(long parent, String name, int permissions, OpenMode mode, Caller caller)
            throws ForebayException {
        Inode file = directories.makeFile(tree.inodes().get(parent), name, permissions, mode.write(), caller);
        SharedContent content = file.content();
        if (content == null || !file.pin()) {
            throw new IllegalStateException("a new file has no content: " + file);
        }
        Handles.FileHandle opened = new Handles.FileHandle(file, content, mode, KeptPages.Seen.NOTHING);
        saving.opened(opened);
        return new CreatedFile(file.attributes(), handles.add(opened));
    }

    @Override
    public long open(long inode, OpenMode mode) throws ForebayException {
        Inode file = tree.inodes().get(inode);
        AttributeEdits.requireFile(file);
        if (mode.write() || mode.truncate()) {
            tree.requireWritable();
        }
        refresh(file);
        SharedContent content = contents.join(file, mode.write());
        if (!file.pin()) {
            throw new IllegalStateException("the kernel opened an inode that it had let go: " + file);
        }
        Handles.FileHandle opened = new Handles.FileHandle(file, content, mode, file.keptPages(mode));
        saving.opened(opened);
        long handle = handles.add(opened);
        if (mode.truncate()) {
            try {
                contents.resize(file, content, 0);
            } catch (ForebayException failure) {
                release(handle);
                throw failure;
            }
        }
        if (mode.read()
                && !mode.write()
                && SiblingPrefetch.isSmall(content.bytes().sizeBytes())) {
            siblings.opened(file, content.bytes().sizeBytes(), contents.fetchAhead(content));
        }
        return handle;
    }

    @Override
    public boolean readInPlace(long handle, long offset, int lengthBytes, FileRegion.Reader reader)
            throws ForebayException {
        return readable(handle).content().bytes().readInPlace(offset, lengthBytes, reader);
    }

    private Handles.FileHandle readable(long handle) throws ForebayException {
        Handles.FileHandle file = handles.file(handle);
        if (!file.mode().read()) {
            throw new ForebayException.BadHandle("'" + file.inode().blobName() + "' is not open for reading");
        }
        return file;
    }

    @Override
    public int read(long handle, long offset, ByteBuffer target) throws ForebayException {
        Handles.FileHandle file = readable(handle);
        return contents.access(file.inode(), file.content(), bytes -> bytes.read(offset, target, tree.deadline()));
    }

    @Override
    public int write(long handle, long offset, ByteBuffer source) throws ForebayException {
        Handles.FileHandle file = writable(handle);
        return file.mode().append() ? append(file, source) : writeAt(file, offset, source);
    }

    private Handles.FileHandle writable(long handle) throws ForebayException {
        Handles.FileHandle file = handles.file(handle);
        if (!file.mode().write()) {
            throw new ForebayException.BadHandle("'" + file.inode().blobName() + "' is not open for writing");
        }
        return file;
    }

    private int append(Handles.FileHandle file, ByteBuffer source) throws ForebayException {
        file.content().appending().lock();
        try {
            return writeAt(file, file.content().bytes().sizeBytes(), source);
        } finally {
            file.content().appending().unlock();
        }
    }

    private int writeAt(Handles.FileHandle file, long offset, ByteBuffer source) throws ForebayException {
        AttributeEdits.requirePossible(offset + source.remaining());
        return contents.change(file.inode(), file.content(), bytes -> {
            ByteBuffer all = source.duplicate(); // from the start again, if it has to be asked twice
            bytes.write(offset, all, tree.transferDeadline(bytes.sizeBytes())); // a commit may be under way
            return all.position() - source.position();
        });
    }

    @Override
    public void allocate(long handle, Allocation allocation, long offset, long lengthBytes) throws ForebayException {
        ranges.allocate(writable(handle), allocation, offset, lengthBytes);
    }

    @Override
    public OptionalLong seek(long handle, SeekTarget target, long offset) throws ForebayException {
        return ranges.seek(handles.file(handle), target, offset);
    }

    @Override
    public OptionalInt copyRange(long from, long fromOffset, long to, long toOffset, long lengthBytes)
            throws ForebayException {
        return copies.copy(readable(from), fromOffset, writable(to), toOffset, lengthBytes);
    }

    @Override
    public void flush(long handle) throws ForebayException {
        saving.flush(handles.file(handle));
    }

    @Override
    public void fsync(long handle) throws ForebayException {
        saving.fsync(handles.file(handle));
    }

    @Override
    public void release(long handle) {
        try {
            Handles.Handle released = handles.remove(handle);
            if (released instanceof Handles.FileHandle file) {
                close(file);
            }
        } catch (ForebayException unknown) {
            LOG.warn("the kernel released a handle twice handle={}", handle);
        }
    }

    private void close(Handles.FileHandle file) {
        Inode inode = file.inode();
        inode.closed(file.pages());
        saving.beforeRelease(file);
        long pins = contents.leave(inode, file.content(), file.mode().write());
        saving.released(file);
        tree.inodes().unpin(inode, pins);
    }

    @Override
    public Optional<Path> backingFile(long handle) throws ForebayException {
        return contents.lend(handles.file(handle));
    }

    @Override
    public boolean isBetterServed(long handle) {
        Handles.FileHandle file = handles.peekFile(handle);
        return file != null
                && !file.mode().write()
                && SiblingPrefetch.isSmall(file.content().bytes().sizeBytes());
    }

    @Override
    public boolean keepsPages(long handle) {
        Handles.FileHandle file = handles.peekFile(handle);
        return file != null && file.pages().stand();
    }

    @Override
    public void notTaken(long handle) throws ForebayException {
        handles.file(handle).content().bytes().endLoans();
    }

    // ---- directories -------------------------------------------------------------------------------------------

    @Override
    public long opendir(long inode) throws ForebayException {
        Inode directory = tree.inodes().get(inode).requireDirectory();
        if (!directory.pin()) {
            throw new ForebayException.BadHandle("inode " + inode + " is gone");
        }
        return handles.add(new Handles.DirectoryHandle(directory, new DirectoryListing(tree, lookups, directory)));
    }

    @Override
    public void readdir(long handle, long cookie, DirectorySink sink) throws ForebayException {
        handles.directory(handle).listing().read(cookie, false, sink);
    }

    @Override
    public void readdirplus(long handle, long cookie, DirectorySink sink) throws ForebayException {
        handles.directory(handle).listing().read(cookie, true, sink);
    }

    @Override
    public void fsyncdir(long inode) throws ForebayException {
        saving.fsyncDirectory(tree.inodes().get(inode).requireDirectory());
    }

    @Override
    public void releasedir(long handle) {
        try {
            tree.inodes().unpin(handles.remove(handle).inode(), 1);
        } catch (ForebayException unknown) {
            LOG.warn("the kernel released a directory handle twice handle={}", handle);
        }
    }

    @Override
    public SpaceStatistics statfs() {
        return new SpaceStatistics(CAPACITY_BYTES, CAPACITY_BYTES, Tree.MAX_NAME_BYTES);
    }

    // ---- what is answered without waiting for the store --------------------------------------------------------

    @Override
    public boolean lookupIsLocal(long parent, String name) {
        Inode directory = tree.inodes().peek(parent);
        return directory == null || lookups.isAnsweredFromMemory(directory, name);
    }

    @Override
    public boolean getattrIsLocal(long inode) {
        Inode known = tree.inodes().peek(inode);
        return known == null || lookups.isCurrent(known, tree.clock().nanoTime());
    }

    @Override
    public boolean openIsLocal(long inode, OpenMode mode) {
        Inode known = tree.inodes().peek(inode);
        return known == null
                || (!mode.truncate()
                        && lookups.isCurrent(known, tree.clock().nanoTime())
                        && (known.content() != null || (!mode.write() && contents.isHere(known))));
    }

    @Override
    public boolean readIsLocal(long handle, long offset, int lengthBytes) {
        Handles.FileHandle file = handles.peekFile(handle);
        return file == null || file.content().bytes().isPresent(offset, lengthBytes);
    }

    @Override
    public boolean opendirIsLocal(long inode) {
        return true;
    }

    @Override
    public boolean readdirIsLocal(long handle) {
        Handles.DirectoryHandle directory = handles.peekDirectory(handle);
        return directory == null || directory.listing().isWhole();
    }

    /** Of a handle that can only read; what a writer left for its close may be a long upload. */
    @Override
    public boolean flushIsLocal(long handle) {
        Handles.FileHandle file = handles.peekFile(handle);
        return file == null || (!file.mode().write() && !file.inode().needsCommit());
    }

    @Override
    public boolean releaseIsLocal(long handle) {
        return flushIsLocal(handle);
    }

    // ---- how long answers are good for -------------------------------------------------------------------------

    @Override
    public Duration ofInode(long inode) {
        Inode known = tree.inodes().peek(inode);
        return known == null ? Duration.ZERO : Duration.ofNanos(lookups.validNanos(known));
    }

    @Override
    public Duration ofAbsence(long parent, String name) {
        Inode directory = tree.inodes().peek(parent);
        return directory == null ? Duration.ZERO : Duration.ofNanos(lookups.absentNanos(directory, name));
    }

    // ---- for an operator ----------------------------------------------------------------------------------------

    /** Steers {@code inventory}, which is that of this tree's cache, by the paths of this tree. */
    public CacheSteering steering(CacheInventory inventory) {
        return new TreeSteering(tree, inventory, paths());
    }

    /** Steers what is on its way to the store, by the paths of this tree. */
    public UploadSteering uploads() {
        return new TreeUploads(tree, contents, writeBack, saving, paths());
    }

    private PathResolution paths() {
        return new PathResolution(tree, lookups, symlink -> readlink(symlink.id()));
    }

    // ---- end ---------------------------------------------------------------------------------------------------

    /**
     * Commits everything that is not committed yet. The tree stays usable.
     *
     * @return what could not be
     */
    public List<UnsavedFile> commitAll() {
        return saving.commitAll();
    }

    /** Takes up what earlier processes have left on the local disk; to be called before anybody asks for a file. */
    public void resume() throws ForebayException {
        new Adoption(tree, contents, writeBack, unfinishedRenames).resume();
    }

    /** What is on the local disk only. */
    public List<PendingUpload> pendingUploads() {
        return writeBack.pending();
    }

    /** Returns when renames that an earlier mount began have ended, or were tried once: what they move is uploaded after them. */
    public void awaitTakenOver() throws ForebayException {
        unfinishedRenames.awaitTry();
    }

    /**
     * Commits what it can, then gives back what it holds. What could not be committed stays on the local disk.
     *
     * @return what could not be
     */
    public List<UnsavedFile> end() {
        siblings.stop();
        unfinishedRenames.stop();
        List<UnsavedFile> failures = commitAll();
        writeBack.stop();
        tree.names().clear();
        tree.listings().clear();
        return failures;
    }

    /** {@link #end}, for whom the failures do not matter. */
    @Override
    public void close() {
        end();
    }

    @Override
    public void tell(ChangeListener listener) {
        tree.changes().tell(listener);
    }

    /** Ends what is under way and commits nothing, for tests of what is left by a process that dies. */
    void abandon() {
        siblings.stop();
        unfinishedRenames.stop();
        writeBack.stop();
    }

    /** What is held now, for tests that prove that everything is given back. */
    Tree tree() {
        return tree;
    }
}
