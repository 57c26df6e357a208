package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container that is a folder. The blob {@code a/b.bin} is the file {@code a/b.bin} in it, with exactly those bytes, and
 * a file that somebody puts or edits there is a blob at once. See the package for how that stays atomic, conditional and
 * durable.
 */
public final class DirectoryBlobStore implements BlobStore {
    /** How long opening may wait for other stores that change the same container. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(30);

    /** More than Azure allows, since people name folders; a leading dot would reach the state of other containers. */
    private static final Pattern CONTAINER_NAME = Pattern.compile("[^./\\p{C}][^/\\p{C}]*");

    private final ContainerFolders folders;
    private final ContainerLock lock;
    private final Records records;
    private final BlobTree tree;
    private final BlobReader reader;
    private final BlobWriter writer;

    private DirectoryBlobStore(ContainerFolders folders, Clock clock) {
        this.folders = folders;
        this.lock = new ContainerLock(folders.lockFile(), clock);
        this.records = new Records(folders.records());
        this.tree = new BlobTree(folders, records);
        this.reader = new BlobReader(tree, records);
        this.writer = new BlobWriter(folders, tree, records, reader, lock, clock);
    }

    /**
     * Opens the container {@code container} of the account {@code account}, and sweeps what a crash left there.
     *
     * @param account a folder
     * @param container the name of a folder in it
     * @throws ForebayException.NotFound if there is no such folder
     * @throws ForebayException.Denied if this user may not read and write there
     * @throws ForebayException.Unsupported if the file system cannot keep what a store must remember of a blob
     * @throws ForebayException.InvalidArgument if {@code container} cannot be the name of a container
     */
    public static DirectoryBlobStore open(Path account, String container, Clock clock) throws ForebayException {
        if (!CONTAINER_NAME.matcher(container).matches()) {
            throw new ForebayException.InvalidArgument("'" + container + "' is not the name of a container");
        }
        requireUnicodeNames(account);
        ContainerFolders folders = ContainerFolders.of(realFolder(account, container), container);
        requireContainer(folders);
        makeStateFolders(folders);
        Records.requireSupport(folders.incoming());
        DirectoryBlobStore store = new DirectoryBlobStore(folders, clock);
        new Leftovers(folders, store.tree, store.records, store.lock, clock)
                .sweep(Deadline.after(OPENING_LIMIT, clock));
        return store;
    }

    /** Without it, blobs would be hidden or have other names than their files. */
    private static void requireUnicodeNames(Path account) throws ForebayException {
        if (!canHold(account, "\u00e9\u6a21\uD83D\uDE80")) {
            throw new ForebayException.Unsupported(
                    "this process cannot write file names in UTF-8; start it with LC_ALL=C.UTF-8");
        }
    }

    private static boolean canHold(Path account, String name) {
        try {
            return account.resolve(name).endsWith(name);
        } catch (InvalidPathException narrow) {
            return false;
        }
    }

    private static Path realFolder(Path account, String container) throws ForebayException {
        try {
            return account.toRealPath();
        } catch (IOException failure) {
            if (Files.notExists(account)) {
                throw noContainer(account.toAbsolutePath().resolve(container));
            }
            throw Disk.failed("cannot open the account's folder", account, failure);
        }
    }

    private static ForebayException.NotFound noContainer(Path expected) {
        return new ForebayException.NotFound("there is no container: the folder " + expected
                + " does not exist; mkdir -p " + expected + " makes it");
    }

    private static void requireContainer(ContainerFolders folders) throws ForebayException {
        Path container = folders.container();
        try {
            FileState state = FileState.of(container).orElseThrow(() -> noContainer(container));
            if (!state.isFolder()) {
                throw new ForebayException.NotFound(
                        "there is no container: " + container + " is not a folder of its own, but a file or a link");
            }
        } catch (IOException failure) {
            throw Disk.failed("cannot look at the container", container, failure);
        }
        if (!Files.isReadable(container) || !Files.isWritable(container) || !Files.isExecutable(container)) {
            throw new ForebayException.Denied(
                    "the container " + container + " is not readable and writable for this user; chmod or chown it");
        }
    }

    private static void makeStateFolders(ContainerFolders folders) throws ForebayException {
        try {
            for (Path folder : List.of(folders.incoming(), folders.staging(), folders.records(), folders.aside())) {
                Files.createDirectories(folder);
            }
            for (Path folder = folders.state(); folder != null; folder = folder.getParent()) {
                Disk.syncFolder(folder);
                if (folder.endsWith(ContainerFolders.STATE)) {
                    break;
                }
            }
        } catch (IOException failure) {
            throw Disk.failed("cannot make the store's own folders", folders.state(), failure);
        }
    }

    @Override
    public String displayName() {
        return "directory:" + folders.container();
    }

    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        Disk.requireTimeLeft(deadline, "the container was not looked at");
        requireContainer(folders);
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        BlobName.of(name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        Disk.requireTimeLeft(deadline, "the properties of " + name + " were not read");
        return reader.find(name).properties();
    }

    @Override
    public ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, "names that begin with '" + prefix + "' were not listed");
        requireContainer(folders);
        ListingRequest request = ListingRequest.of(prefix, delimiter, continuation, maxEntries);
        try {
            return new Listing(request, tree, folders, records, deadline).page();
        } catch (IOException failure) {
            throw Disk.failed("cannot list", folders.container(), failure);
        }
    }

    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, "bytes of " + name + " were not read");
        try (OpenBlob blob = reader.open(name, precondition, deadline)) {
            Etag version = blob.version().etag();
            sink.begin(version);
            blob.read(range, sink, deadline);
            return version;
        }
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, name + " was not written");
        requireFits(body, name, MAX_SINGLE_BODY_BYTES);
        return writer.put(name, body, headers, precondition, deadline);
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        Disk.requireTimeLeft(deadline, "a block of " + name + " was not staged");
        requireFits(body, name, MAX_BLOCK_BYTES);
        writer.stageBlock(name, id, body, deadline);
    }

    @Override
    public void stageBlockFrom(
            String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, "a block of " + name + " was not copied");
        if (range.length() > MAX_COPIED_BLOCK_BYTES) {
            throw new ForebayException.InvalidArgument("a copied block of " + name + " has at most "
                    + MAX_COPIED_BLOCK_BYTES + " bytes, not " + range.length() + "; copy it in more blocks");
        }
        writer.stageBlockFrom(name, id, from, range, source, deadline);
    }

    private static void requireFits(BlobBody body, String name, long limitBytes) throws ForebayException {
        if (body.lengthBytes() > limitBytes) {
            throw new ForebayException.InvalidArgument("one body of " + name + " has at most " + limitBytes
                    + " bytes, not " + body.lengthBytes() + "; write it in more blocks");
        }
    }

    @Override
    public BlobProperties commitBlocks(
            String name,
            List<BlockId> blocks,
            long lengthBytes,
            BlobHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, name + " was not committed");
        if (blocks.size() > MAX_BLOCKS) {
            throw new ForebayException.InvalidArgument(
                    name + " can have at most " + MAX_BLOCKS + " blocks, not " + blocks.size());
        }
        return writer.commitBlocks(name, blocks, headers, precondition, deadline);
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        Disk.requireTimeLeft(deadline, "the blocks of " + name + " were not read");
        return reader.find(name).version().blocks();
    }

    @Override
    public BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, from + " was not copied");
        return writer.copy(from, source, to, target, deadline);
    }

    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        Disk.requireTimeLeft(deadline, name + " was not deleted");
        writer.delete(name, precondition, deadline);
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        Disk.requireTimeLeft(deadline, "the metadata of " + name + " was not changed");
        return writer.setMetadata(name, metadata, precondition, deadline);
    }

    @Override
    public void close() {
        lock.close();
    }
}
