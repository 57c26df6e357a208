package io.forebay.cache;

import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.Metadata;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One entry of a {@link Journal}: a slot holds a file that is not in the store, or holds it no more.
 *
 * <p>In a {@link RecordFrame} with the magic number "FBJ1": kind, slot, boot tag, and for a file that is pending since when,
 * state, store, name, etag, content type, metadata, the other headers of content, tier, number of tags, what was sent, how much
 * of it was synced. Metadata is a number of pairs of texts.
 *
 * @param slot of the disk that the journal is on
 * @param bootTag the {@link Boot} in which it was written; 0 if the bytes of the file were on stable storage before;
 *     negative if they were, and some were changed since
 * @param synced how much of the file that was
 * @param file empty if the slot holds it no more
 */
record JournalRecord(int slot, int bootTag, Synced synced, Optional<PendingFile> file) {
    /** For {@link #bootTag}: the bytes are there whatever has happened to the machine. */
    static final int ANY_BOOT = 0;

    private static final int MAGIC = 0x46424A31;
    /** A name has 1,024 characters, metadata 8 KiB: what is longer is no record. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    private static final byte DONE = 0;
    private static final byte PENDING = 1;

    /**
     * The end of what was on stable storage, and in which run of the machine it was written down: in another one, what is
     * behind it may be anything, zeros most of all, since a disk may note that a file grew before it has the bytes.
     *
     * @param lengthBytes -1 if there was nothing, or nobody knows
     */
    record Synced(long lengthBytes, int bootTag) {
        static final Synced UNKNOWN = new Synced(-1, 0);

        /** The end of what is sure in {@code now}; empty if all is that is sure at all. */
        OptionalLong sureBytes(Boot now) {
            return lengthBytes < 0 || bootTag == now.tag() ? OptionalLong.empty() : OptionalLong.of(lengthBytes);
        }
    }

    /** A record as it was found, and how long it is there. */
    record Found(JournalRecord record, int lengthBytes) {}

    /** For {@link #bootTag}, beside the boot's: what was synced is there, and of later changes what reached the disk. */
    private static final int SYNCED_BEFORE = 1 << 31;

    /** The tag of a file that is written down now, and not synced. */
    static int tagOf(Boot now, boolean syncedBefore) {
        return syncedBefore ? now.tag() | SYNCED_BEFORE : now.tag();
    }

    /**
     * Whether bytes that were written down with that tag are what was written, in this run of the machine; after a power
     * cut, at least all that was synced.
     */
    static boolean isSure(int bootTag, Boot now) {
        return wasSynced(bootTag) || bootTag == now.tag();
    }

    /** Whether the bytes were on stable storage at some time, and those that were not changed since still are. */
    static boolean wasSynced(int bootTag) {
        return bootTag == ANY_BOOT || (bootTag & SYNCED_BEFORE) != 0;
    }

    ByteBuffer encoded() {
        return RecordFrame.around(MAGIC, body -> {
            body.writeByte(file.isPresent() ? PENDING : DONE);
            body.writeInt(slot);
            body.writeInt(bootTag);
            if (file.isPresent()) {
                write(body, file.get());
                body.writeLong(synced.lengthBytes());
                body.writeInt(synced.bootTag());
            }
        });
    }

    private static void write(DataOutputStream body, PendingFile file) throws IOException {
        body.writeLong(file.sinceMillis());
        RecordFrame.write(body, file.state().name());
        RecordFrame.write(body, file.store());
        RecordFrame.write(body, file.name());
        RecordFrame.write(body, file.replaces().map(Etag::value).orElse(""));
        write(body, file.headers());
        body.writeInt(file.sent().size());
        for (SentVersion sent : file.sent()) {
            write(body, sent.headers());
            body.writeLong(sent.lengthBytes());
        }
    }

    private static void write(DataOutputStream body, BlobHeaders headers) throws IOException {
        RecordFrame.write(body, headers.contentType());
        Map<String, String> metadata = headers.metadata().asMap();
        body.writeInt(metadata.size());
        for (Map.Entry<String, String> pair : metadata.entrySet()) {
            RecordFrame.write(body, pair.getKey());
            RecordFrame.write(body, pair.getValue());
        }
        writeRest(body, headers);
    }

    private static void writeRest(DataOutputStream body, BlobHeaders headers) throws IOException {
        RecordFrame.write(body, headers.content().encoding());
        RecordFrame.write(body, headers.content().language());
        RecordFrame.write(body, headers.content().disposition());
        RecordFrame.write(body, headers.content().cacheControl());
        RecordFrame.write(body, headers.labels().accessTier());
        body.writeInt(headers.labels().tagCount());
    }

    /** The record that begins at {@code offset}; empty if none does, or not all of it is there. */
    static Optional<Found> at(ByteBuffer journal, int offset) {
        return RecordFrame.bodyAt(MAGIC, MAX_BODY_BYTES, journal, offset).flatMap(body -> decoded(body)
                .map(record -> new Found(record, RecordFrame.HEADER_BYTES + body.length)));
    }

    private static Optional<JournalRecord> decoded(byte[] bytes) {
        try (DataInputStream body = new DataInputStream(new ByteArrayInputStream(bytes))) {
            boolean pending = body.readByte() == PENDING;
            int slot = body.readInt();
            int bootTag = body.readInt();
            Optional<PendingFile> file = pending ? Optional.of(readFile(body)) : Optional.empty();
            return Optional.of(new JournalRecord(slot, bootTag, readSynced(body), file));
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException malformed) {
            return Optional.empty(); // with a checksum that is right: of no version that we know
        }
    }

    /** Records of older versions end before it. */
    private static Synced readSynced(DataInputStream body) throws IOException {
        return body.available() == 0 ? Synced.UNKNOWN : new Synced(body.readLong(), body.readInt());
    }

    private static PendingFile readFile(DataInputStream body) throws IOException {
        long since = body.readLong();
        PendingFile.State state = PendingFile.State.valueOf(RecordFrame.readText(body));
        String store = RecordFrame.readText(body);
        String name = RecordFrame.readText(body);
        String etag = RecordFrame.readText(body);
        BlobHeaders headers = readHeaders(body);
        List<SentVersion> sent = new ArrayList<>();
        for (int left = body.available() == 0 ? 0 : body.readInt(); left > 0; left--) { // older records end before it
            BlobHeaders sentHeaders = readHeaders(body);
            sent.add(new SentVersion(sentHeaders, body.readLong()));
        }
        return new PendingFile(
                store,
                name,
                etag.isEmpty() ? Optional.empty() : Optional.of(new Etag(etag)),
                headers,
                since,
                state,
                sent);
    }

    private static BlobHeaders readHeaders(DataInputStream body) throws IOException {
        String contentType = RecordFrame.readText(body);
        TreeMap<String, String> metadata = new TreeMap<>();
        for (int pairs = body.readInt(); pairs > 0; pairs--) {
            metadata.put(RecordFrame.readText(body), RecordFrame.readText(body));
        }
        return readRest(body, contentType, Metadata.of(metadata));
    }

    /** Records of older versions end before it. */
    private static BlobHeaders readRest(DataInputStream body, String contentType, Metadata metadata)
            throws IOException {
        if (body.available() == 0) {
            return new BlobHeaders(contentType, metadata);
        }
        ContentHeaders content = new ContentHeaders(
                contentType,
                RecordFrame.readText(body),
                RecordFrame.readText(body),
                RecordFrame.readText(body),
                RecordFrame.readText(body));
        return new BlobHeaders(content, metadata, new BlobLabels(RecordFrame.readText(body), body.readInt()));
    }
}
