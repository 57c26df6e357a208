package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.Etag;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rename of a directory that is under way, written down on a cache disk: what a process that dies leaves to the next one.
 * It names every blob that moves, with its version, so that nothing else is ever touched in its name, however much later.
 *
 * <p>A file of records, each in a {@link RecordFrame} with the magic number "FBR1": first what moves where, then its parts,
 * and both are whole when the file has its name; then what becomes of them, as it happens.
 *
 * <p>Safe for use by many threads. The monitor is held over appends, and over a wait for stable storage.
 */
public final class RenameRecord implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RenameRecord.class);

    private static final int MAGIC = 0x46425231;
    /** Two names of 1,024 characters, the name of a store. */
    private static final int MAX_BODY_BYTES = 64 << 10;
    /** As much as one transfer to the disk. */
    private static final int BUFFER_BYTES = 256 << 10;

    private static final byte BEGIN = 0;
    private static final byte PART = 1;
    private static final byte COPY = 2;
    private static final byte STAGE = 3;

    /** How far a rename has come. */
    public enum Stage {
        /** Blobs are copied; under their old names they are all there. */
        COPYING,
        /** All are copied. What waits on the local disk to be uploaded may have its old name or its new one. */
        COPIED,
        /** All of it has its new name; the sources are deleted. */
        MOVED,
        /** It failed; the copies are removed. */
        GIVEN_UP
    }

    /** What is renamed. */
    public record Names(String store, String from, String to, long sinceMillis) {}

    /**
     * A blob that moves.
     *
     * @param suffix what is behind the name of the directory in its name; empty for the marker
     * @param etag the version
     * @param replaces whether it takes the place of another one: only the marker of a directory may
     */
    public record Part(String suffix, Etag etag, boolean replaces) {}

    private final CacheDirectory directory;
    private final SparseFile file;
    private final Names names;
    private final List<Part> parts;
    /** By number of the part; guarded by this, like what follows. */
    private final Map<Integer, Etag> copies;

    private Stage stage;
    private long endBytes;

    private RenameRecord(CacheDirectory directory, SparseFile file, Scan scan) {
        this.directory = directory;
        this.file = file;
        this.names = scan.names;
        this.parts = List.copyOf(scan.parts);
        this.copies = scan.copies;
        this.stage = scan.stage;
        this.endBytes = scan.endBytes;
    }

    /** Writes down, at {@code path}, what is about to begin; it is on stable storage when this returns. */
    static RenameRecord begin(CacheDirectory directory, Path path, Path newPath, Names names, List<Part> parts)
            throws ForebayException {
        boolean begun = false;
        try (SparseFile fresh = directory.newFile(newPath)) {
            long endBytes = writeTo(fresh, names, parts);
            fresh.force();
            directory.rename(newPath, path);
            directory.force(directory.path());
            RenameRecord record =
                    new RenameRecord(directory, directory.existingFile(path), new Scan(names, parts, endBytes));
            begun = true;
            return record;
        } finally {
            if (!begun) { // nobody is to carry on what was never begun
                directory.delete(newPath);
                directory.delete(path);
            }
        }
    }

    private static long writeTo(SparseFile fresh, Names names, List<Part> parts) throws ForebayException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        buffer.put(encoded(names, parts.size()));
        long at = 0;
        for (Part part : parts) {
            ByteBuffer next = encoded(part);
            if (next.remaining() > buffer.remaining()) {
                at += write(fresh, at, buffer);
            }
            buffer.put(next);
        }
        return at + write(fresh, at, buffer);
    }

    private static int write(SparseFile fresh, long at, ByteBuffer buffer) throws ForebayException {
        int length = buffer.flip().remaining();
        fresh.write(at, buffer);
        buffer.clear();
        return length;
    }

    private static ByteBuffer encoded(Names names, int parts) {
        return RecordFrame.around(MAGIC, body -> {
            body.writeByte(BEGIN);
            body.writeLong(names.sinceMillis());
            RecordFrame.write(body, names.store());
            RecordFrame.write(body, names.from());
            RecordFrame.write(body, names.to());
            body.writeInt(parts);
        });
    }

    private static ByteBuffer encoded(Part part) {
        return RecordFrame.around(MAGIC, body -> {
            body.writeByte(PART);
            RecordFrame.write(body, part.suffix());
            RecordFrame.write(body, part.etag().value());
            body.writeBoolean(part.replaces());
        });
    }

    /** The one at {@code path}; empty, with an error in the log, if it cannot be read. */
    static Optional<RenameRecord> at(CacheDirectory directory, Path path) throws ForebayException {
        try {
            Optional<Scan> scan = Scan.of(RecordFrame.mapped(path));
            if (scan.isEmpty()) {
                LOG.error("a rename was not ended, and its record is damaged: both names may be there path={}", path);
                return Optional.empty();
            }
            return Optional.of(new RenameRecord(directory, directory.existingFile(path), scan.get()));
        } catch (IOException failure) {
            throw directory.health().failed("cannot read the record of a rename", path, failure);
        }
    }

    /** What {@code path} says is renamed, for whoever changes nothing; empty if it cannot be read. */
    static Optional<Names> look(Path path) throws IOException {
        return Scan.of(RecordFrame.mapped(path)).map(scan -> scan.names);
    }

    public Names names() {
        return names;
    }

    public List<Part> parts() {
        return parts;
    }

    public synchronized Stage stage() {
        return stage;
    }

    /** The version that the copy of that part had when it was whole; empty if it is not known to be. */
    public synchronized Optional<Etag> copyOf(int part) {
        return Optional.ofNullable(copies.get(part));
    }

    /** The copy of that part is whole. */
    public synchronized void copied(int part, Etag copy) throws ForebayException {
        append(RecordFrame.around(MAGIC, body -> {
            body.writeByte(COPY);
            body.writeInt(part);
            RecordFrame.write(body, copy.value());
        }));
        copies.put(part, copy);
    }

    /** From now on it is at {@code next}; that is on stable storage when this returns. */
    public synchronized void reach(Stage next) throws ForebayException {
        append(RecordFrame.around(MAGIC, body -> {
            body.writeByte(STAGE);
            RecordFrame.write(body, next.name());
        }));
        file.force();
        stage = next;
    }

    private void append(ByteBuffer record) throws ForebayException {
        int length = record.remaining();
        file.write(endBytes, record); // a part of it, if that fails, is written over by the next one
        endBytes += length;
    }

    /** It is over: no other process hears of it. After a power cut one may; it finds nothing left to do. */
    public void end() throws ForebayException {
        directory.delete(file.path());
    }

    @Override
    public void close() throws ForebayException {
        file.close();
    }

    /** What a file says. */
    private static final class Scan {
        private final Names names;
        private final List<Part> parts;
        private final Map<Integer, Etag> copies = new HashMap<>();
        private Stage stage = Stage.COPYING;
        private long endBytes;

        Scan(Names names, List<Part> parts, long endBytes) {
            this.names = names;
            this.parts = parts;
            this.endBytes = endBytes;
        }

        static Optional<Scan> of(ByteBuffer all) {
            try {
                Optional<byte[]> first = RecordFrame.bodyAt(MAGIC, MAX_BODY_BYTES, all, 0);
                return first.isEmpty() ? Optional.empty() : read(first.get(), all);
            } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException malformed) {
                return Optional.empty(); // with a checksum that is right: of no version that we know
            }
        }

        private static Optional<Scan> read(byte[] first, ByteBuffer all) throws IOException {
            DataInputStream head = new DataInputStream(new ByteArrayInputStream(first));
            if (head.readByte() != BEGIN) {
                return Optional.empty();
            }
            long since = head.readLong();
            Names names = new Names(
                    RecordFrame.readText(head), RecordFrame.readText(head), RecordFrame.readText(head), since);
            int parts = head.readInt();
            Scan scan = new Scan(names, new ArrayList<>(), RecordFrame.HEADER_BYTES + first.length);
            while (scan.take(all)) {
                // one record after the other; the end of the last one may be missing
            }
            return scan.parts.size() == parts ? Optional.of(scan) : Optional.empty();
        }

        private boolean take(ByteBuffer all) throws IOException {
            Optional<byte[]> found = RecordFrame.bodyAt(MAGIC, MAX_BODY_BYTES, all, (int) endBytes);
            if (found.isEmpty()) {
                return false;
            }
            DataInputStream body = new DataInputStream(new ByteArrayInputStream(found.get()));
            switch (body.readByte()) {
                case PART ->
                    parts.add(new Part(
                            RecordFrame.readText(body), new Etag(RecordFrame.readText(body)), body.readBoolean()));
                case COPY -> copies.put(body.readInt(), new Etag(RecordFrame.readText(body)));
                case STAGE -> stage = Stage.valueOf(RecordFrame.readText(body));
                default -> throw new IllegalArgumentException("a record of an unknown kind");
            }
            endBytes += RecordFrame.HEADER_BYTES + found.get().length;
            return true;
        }
    }
}
