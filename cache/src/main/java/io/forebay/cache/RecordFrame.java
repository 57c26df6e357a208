package io.forebay.cache;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What is put around a record that is appended to a file, so that one whose end is missing is known as such.
 *
 * <pre>
 *    0        4           8           12
 *    ┌────────┬───────────┬───────────┬───────────
 *    │ magic  │ bytes of  │ CRC32C of │ body …
 *    │ number │ the body  │ the body  │
 *    └────────┴───────────┴───────────┴───────────
 * </pre>
 *
 * <p>Numbers are big-endian. A text is its length in UTF-8, 4 bytes, and its bytes.
 */
final class RecordFrame {
    static final int HEADER_BYTES = 12;

    private RecordFrame() {}

    /** Writes the body of a record. */
    @FunctionalInterface
    interface Body {
        void writeTo(DataOutputStream body) throws IOException;
    }

    static ByteBuffer around(int magic, Body content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream body = new DataOutputStream(bytes)) {
            content.writeTo(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] body = bytes.toByteArray();
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .putInt(magic)
                .putInt(body.length)
                .putInt(sumOf(body))
                .put(body)
                .flip();
    }

    /** The body of the record that begins at {@code offset}; empty if none does, or not all of it is there. */
    static Optional<byte[]> bodyAt(int magic, int maxBodyBytes, ByteBuffer file, int offset) {
        int left = file.limit() - offset;
        if (left < HEADER_BYTES || file.getInt(offset) != magic) {
            return Optional.empty();
        }
        int length = file.getInt(offset + Integer.BYTES);
        if (length < 0 || length > Math.min(maxBodyBytes, left - HEADER_BYTES)) {
            return Optional.empty();
        }
        byte[] body = new byte[length];
        file.get(offset + HEADER_BYTES, body);
        return sumOf(body) == file.getInt(offset + 2 * Integer.BYTES) ? Optional.of(body) : Optional.empty();
    }

    static void write(DataOutputStream body, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        body.writeInt(bytes.length);
        body.write(bytes);
    }

    static String readText(DataInputStream body) throws IOException {
        int length = body.readInt();
        return new String(body.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static int sumOf(byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(body);
        return (int) sum.getValue();
    }

    /** All of a file of records. */
    static ByteBuffer mapped(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }
}
