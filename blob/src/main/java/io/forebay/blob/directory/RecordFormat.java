package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.Metadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The bytes of a record, and how they are told from damaged ones.
 *
 * <pre>
 * byte    format, 1
 * byte    form: 'i' the record itself, 'n' only the etag of a record that lies in a file of its own
 * string  the blob's name; empty inline, where the file's own name says it
 * string  etag                          ─┐
 * long    size in bytes                  │
 * long    file's modification time, ns   │ form 'i' only, the etag excepted
 * long    last modified, ns              │
 * string  content type                   │
 * int     metadata pairs, then each as two strings
 * int     blocks, then each as string (base64) and long (length)
 * string  content encoding, language, disposition and cache control, four strings; none of them where all are empty
 * int     CRC32C of all that stands before it
 * </pre>
 *
 * Numbers are big-endian, a string is an int length and that many bytes of UTF-8.
 */
final class RecordFormat {
    private static final byte FORMAT = 1;
    private static final byte INLINE = 'i';
    private static final byte NAMED = 'n';
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private static final Pattern OUR_ETAGS = Pattern.compile("0x[0-9a-f]{32}");

    private RecordFormat() {}

    /** What some bytes turned out to say. */
    sealed interface Decoded {
        /** The record, and the name that stood with it. */
        record Whole(String name, VersionRecord version) implements Decoded {}

        /** The etag under which the record lies in a file. */
        record Named(Etag etag) implements Decoded {}
    }

    static byte[] whole(String name, VersionRecord version) {
        return written(INLINE, out -> {
            writeString(out, name);
            writeString(out, version.etag().value());
            out.writeLong(version.sizeBytes());
            out.writeLong(version.modifiedNanos());
            out.writeLong(ChronoUnit.NANOS.between(Instant.EPOCH, version.lastModified()));
            writeHeaders(out, version.headers());
            out.writeInt(version.blocks().size());
            for (Block block : version.blocks()) {
                writeString(out, block.id().base64());
                out.writeLong(block.lengthBytes());
            }
            writeRest(out, version.headers().content());
        });
    }

    static byte[] named(Etag etag) {
        return written(NAMED, out -> {
            writeString(out, "");
            writeString(out, etag.value());
        });
    }

    private static void writeHeaders(DataOutputStream out, BlobHeaders headers) throws IOException {
        writeString(out, headers.contentType());
        Map<String, String> pairs = headers.metadata().asMap();
        out.writeInt(pairs.size());
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            writeString(out, pair.getKey());
            writeString(out, pair.getValue());
        }
    }

    private static void writeRest(DataOutputStream out, ContentHeaders content) throws IOException {
        if (!content.isTypeAlone()) {
            writeString(out, content.encoding());
            writeString(out, content.language());
            writeString(out, content.disposition());
            writeString(out, content.cacheControl());
        }
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] written(byte form, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeByte(form);
            content.writeTo(out);
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException impossible) {
            throw new IllegalStateException("memory does not fail to be written", impossible);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if the bytes are not a record, or a damaged one */
    static Decoded decoded(byte[] bytes) throws IOException {
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != checksum(bytes, length)) {
            throw new IOException("its checksum is wrong");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new IOException("its format is " + format + ", not " + FORMAT);
            }
            byte form = in.readByte();
            String name = readString(in);
            Etag etag = readEtag(in);
            return form == NAMED ? new Decoded.Named(etag) : new Decoded.Whole(name, readVersion(in, etag));
        } catch (IllegalArgumentException nonsense) {
            throw new IOException("it holds nonsense", nonsense);
        }
    }

    /** Only etags that Forebay gives: they become file names, and somebody else may have written the attribute. */
    private static Etag readEtag(DataInputStream in) throws IOException {
        String value = readString(in);
        if (!OUR_ETAGS.matcher(value).matches()) {
            throw new IOException("its etag is not one of ours");
        }
        return new Etag(value);
    }

    private static VersionRecord readVersion(DataInputStream in, Etag etag) throws IOException {
        long sizeBytes = in.readLong();
        long modifiedNanos = in.readLong();
        Instant lastModified = Instant.EPOCH.plusNanos(in.readLong());
        String contentType = readString(in);
        Metadata metadata = readMetadata(in);
        List<Block> blocks = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            blocks.add(new Block(new BlockId(readString(in)), in.readLong()));
        }
        BlobHeaders headers = new BlobHeaders(readContent(in, contentType), metadata, BlobLabels.NONE);
        return new VersionRecord(etag, sizeBytes, modifiedNanos, lastModified, headers, blocks);
    }

    private static ContentHeaders readContent(DataInputStream in, String type) throws IOException {
        return in.available() == 0
                ? ContentHeaders.ofType(type)
                : new ContentHeaders(type, readString(in), readString(in), readString(in), readString(in));
    }

    private static Metadata readMetadata(DataInputStream in) throws IOException {
        Map<String, String> pairs = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = readString(in);
            pairs.put(name, readString(in));
        }
        return Metadata.of(pairs);
    }

    private static void writeString(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readString(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new EOFException("a string runs past the end");
        }
        return new String(in.readNBytes(length), UTF_8);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(Arrays.copyOf(bytes, length));
        return (int) crc.getValue();
    }
}
