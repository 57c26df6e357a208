package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * Changes blobs. Each change has the same three steps: everything that takes long is done where nobody looks, and synced;
 * then, under the lock, the precondition is checked and one rename publishes it; then the folders that were touched are
 * synced, and the change is acknowledged.
 */
final class BlobWriter {
    private final ContainerFolders folders;
    private final BlobTree tree;
    private final Records records;
    private final BlobReader reader;
    private final Staging staging;
    private final ContainerLock lock;
    private final Clock clock;

    BlobWriter(
            ContainerFolders folders,
            BlobTree tree,
            Records records,
            BlobReader reader,
            ContainerLock lock,
            Clock clock) {
        this.folders = folders;
        this.tree = tree;
        this.records = records;
        this.reader = reader;
        this.staging = new Staging(folders);
        this.lock = lock;
        this.clock = clock;
    }

    BlobProperties put(String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        BlobName blob = BlobName.of(name);
        try (IncomingFile file = IncomingFile.create(folders.incoming())) {
            requireEarly(precondition, blob);
            file.append(body, deadline);
            return publish(blob, file, headers, List.of(), precondition, deadline);
        } catch (IOException failure) {
            throw Disk.failed("cannot write the blob " + name, folders.container(), failure);
        }
    }

    BlobProperties copy(String from, Precondition source, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        BlobName copy = BlobName.of(to);
        try (OpenBlob open = reader.open(from, source, deadline);
                IncomingFile file = IncomingFile.create(folders.incoming())) {
            requireEarly(target, copy);
            open.appendTo(file, 0, open.version().sizeBytes(), deadline);
            VersionRecord version = open.version();
            return publish(copy, file, version.headers(), version.blocks(), target, deadline);
        } catch (IOException failure) {
            throw Disk.failed("cannot copy the blob " + from + " to " + to, folders.container(), failure);
        }
    }

    /** Fails before any byte is copied if it would fail behind it. What counts is the look under the lock. */
    private void requireEarly(Precondition precondition, BlobName name) throws IOException {
        StoredBlob.require(precondition, name.text(), tree.find(name));
    }

    private BlobProperties publish(
            BlobName name,
            IncomingFile file,
            BlobHeaders headers,
            List<Block> blocks,
            Precondition precondition,
            Deadline deadline)
            throws IOException {
        Draft draft = seal(name, file, headers, blocks);
        Aftermath after = new Aftermath();
        try (ContainerLock.Held _ = lock.acquire(deadline)) {
            place(draft, tree.find(name), precondition, after);
        } finally {
            draft.forgetUnlessPlaced();
        }
        after.complete();
        return draft.version.properties(name.text());
    }

    /** Gives a finished file its record, and makes both durable. */
    private Draft seal(BlobName name, IncomingFile file, BlobHeaders headers, List<Block> blocks) throws IOException {
        VersionRecord version = VersionRecord.fresh(file.state(), headers, blocks, clock);
        Draft draft = new Draft(name, file, version);
        Records.attach(file.path(), records.prepare(name.text(), version));
        file.sync();
        return draft;
    }

    /** A version that is ready to be published by a rename. */
    private final class Draft {
        private final BlobName name;
        private final IncomingFile file;
        private final VersionRecord version;
        private boolean placed;

        Draft(BlobName name, IncomingFile file, VersionRecord version) {
            this.name = name;
            this.file = file;
            this.version = version;
        }

        void forgetUnlessPlaced() throws IOException {
            if (!placed) {
                Files.deleteIfExists(records.fileOf(name.text(), version.etag()));
            }
        }
    }

    /** The part of a publication that is done under the lock. */
    private void place(Draft draft, Optional<StoredBlob> before, Precondition precondition, Aftermath after)
            throws IOException {
        StoredBlob.require(precondition, draft.name.text(), before);
        tree.place(draft.name, draft.file.path(), after);
        draft.placed = true;
        before.ifPresent(replaced -> after.garbage(records.fileOf(replaced.name(), replaced.etag())));
        try {
            staging.drop(draft.name, after);
        } catch (IOException failure) {
            throw new ForebayException.Unavailable(
                    "the blob " + draft.name.text() + " was written, but its staged blocks are still there", failure);
        }
    }

    void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        BlobName blob = BlobName.of(name);
        Staging.requireValid(id);
        try (IncomingFile file = IncomingFile.create(folders.incoming())) {
            file.append(body, deadline);
            keep(blob, id, file, deadline);
        } catch (IOException failure) {
            throw Disk.failed("cannot stage a block of " + name, folders.staging(), failure);
        }
    }

    void stageBlockFrom(String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        BlobName blob = BlobName.of(name);
        Staging.requireValid(id);
        try (OpenBlob open = reader.open(from, source, deadline);
                IncomingFile file = IncomingFile.create(folders.incoming())) {
            open.requireHas(range);
            open.appendTo(file, range.offset(), range.length(), deadline);
            keep(blob, id, file, deadline);
        } catch (IOException failure) {
            throw Disk.failed("cannot copy a block of " + from + " to " + name, folders.staging(), failure);
        }
    }

    private void keep(BlobName blob, BlockId id, IncomingFile file, Deadline deadline) throws IOException {
        file.sync();
        Aftermath after = new Aftermath();
        try (ContainerLock.Held _ = lock.acquire(deadline)) {
            staging.keep(blob, id, file.path(), after);
        }
        after.complete();
    }

    BlobProperties commitBlocks(
            String name, List<BlockId> blocks, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        BlobName blob = BlobName.of(name);
        for (BlockId id : blocks) {
            Staging.requireValid(id);
        }
        while (true) {
            try {
                Optional<BlobProperties> committed = tryCommit(blob, blocks, headers, precondition, deadline);
                if (committed.isPresent()) {
                    return committed.get();
                }
            } catch (IOException failure) {
                throw Disk.failed("cannot commit the blob " + name, folders.container(), failure);
            }
            Disk.requireTimeLeft(deadline, "the blocks of " + name + " changed each time they were put together");
        }
    }

    /** Puts the blocks together and publishes them; empty if they changed meanwhile, so that it must be done again. */
    private Optional<BlobProperties> tryCommit(
            BlobName name, List<BlockId> blocks, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws IOException {
        BlockSources sources = sourcesOf(name, blocks, precondition, deadline);
        try (IncomingFile file = IncomingFile.create(folders.incoming())) {
            Draft draft = seal(name, file, headers, sources.appendTo(file, deadline));
            Aftermath after = new Aftermath();
            try (ContainerLock.Held _ = lock.acquire(deadline)) {
                Optional<StoredBlob> before = tree.find(name);
                if (!areStill(sources, before)) {
                    return Optional.empty();
                }
                place(draft, before, precondition, after);
            } finally {
                draft.forgetUnlessPlaced();
            }
            after.complete();
            return Optional.of(draft.version.properties(name.text()));
        } catch (NoSuchFileException gone) {
            // Another commit or put took the blocks. If nothing explains it, it is no race.
            if (isUnchanged(sources, name, deadline)) {
                throw gone;
            }
            return Optional.empty();
        }
    }

    private BlockSources sourcesOf(BlobName name, List<BlockId> blocks, Precondition precondition, Deadline deadline)
            throws IOException {
        try (ContainerLock.Held _ = lock.acquire(deadline)) {
            Optional<StoredBlob> there = tree.find(name);
            StoredBlob.require(precondition, name.text(), there);
            return BlockSources.of(blocks, staging.staged(name), there, name.text());
        }
    }

    private boolean isUnchanged(BlockSources sources, BlobName name, Deadline deadline) throws IOException {
        try (ContainerLock.Held _ = lock.acquire(deadline)) {
            return areStill(sources, tree.find(name));
        }
    }

    private boolean areStill(BlockSources sources, Optional<StoredBlob> now) throws IOException {
        boolean sameBlob = now.map(StoredBlob::etag).equals(sources.committed().map(StoredBlob::etag));
        return (sameBlob || !sources.takesFromCommitted()) && staging.isStill(sources.staged());
    }

    void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        BlobName blob = BlobName.of(name);
        Aftermath after = new Aftermath();
        try (ContainerLock.Held _ = lock.acquire(deadline)) {
            StoredBlob there = tree.find(blob).orElseThrow(() -> BlobReader.notFound(name));
            StoredBlob.require(precondition, name, Optional.of(there));
            tree.remove(blob, after);
            after.garbage(records.fileOf(name, there.etag()));
        } catch (IOException failure) {
            throw Disk.failed("cannot delete the blob " + name, folders.container(), failure);
        }
        after.complete();
    }

    BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        while (true) {
            StoredBlob there = reader.find(name);
            StoredBlob.require(precondition, name, Optional.of(there));
            BlobHeaders headers = there.version().headers().withMetadata(metadata);
            VersionRecord version =
                    VersionRecord.fresh(there.state(), headers, there.version().blocks(), clock);
            if (replaced(there, version, deadline)) {
                return version.properties(name);
            }
            Disk.requireTimeLeft(deadline, name + " changed each time its metadata was to be set");
        }
    }

    /** Gives the blob another record in place, if it still is that version. */
    private boolean replaced(StoredBlob there, VersionRecord version, Deadline deadline) throws ForebayException {
        Aftermath after = new Aftermath();
        try {
            ByteBuffer prepared = records.prepare(there.name(), version);
            boolean attached = false;
            try (ContainerLock.Held _ = lock.acquire(deadline)) {
                Optional<StoredBlob> now = tree.find(BlobName.of(there.name()));
                if (now.map(StoredBlob::etag).equals(Optional.of(there.etag()))) {
                    Records.attach(now.orElseThrow().file(), prepared);
                    attached = true;
                    after.changed(now.orElseThrow().file());
                    after.garbage(records.fileOf(there.name(), there.etag()));
                }
            } finally {
                if (!attached) {
                    Files.deleteIfExists(records.fileOf(there.name(), version.etag()));
                }
            }
            if (!attached) {
                return false;
            }
        } catch (IOException failure) {
            throw Disk.failed("cannot set the metadata of " + there.name(), there.file(), failure);
        }
        after.complete();
        return true;
    }
}
