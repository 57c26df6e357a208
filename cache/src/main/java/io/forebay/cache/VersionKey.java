package io.forebay.cache;

import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of all that makes a blob version what it is, in four parts: what a slot is known by. */
record VersionKey(long first, long second, long third, long fourth) {
    static final int BYTES = 4 * Long.BYTES;

    static VersionKey of(BlobVersion version) {
        MessageDigest digest = sha256();
        addText(digest, version.container());
        addText(digest, version.name());
        addText(digest, version.etag().value());
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, version.lengthBytes()));
        return read(ByteBuffer.wrap(digest.digest()), 0);
    }

    /** A store in 64 bits, so that entries of one can be told from those of another that used the same folder. */
    static long tagOf(String store) {
        MessageDigest digest = sha256();
        addText(digest, store);
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    static VersionKey read(ByteBuffer source, int at) {
        return new VersionKey(
                source.getLong(at),
                source.getLong(at + Long.BYTES),
                source.getLong(at + 2 * Long.BYTES),
                source.getLong(at + 3 * Long.BYTES));
    }

    void write(ByteBuffer target, int at) {
        target.putLong(at, first);
        target.putLong(at + Long.BYTES, second);
        target.putLong(at + 2 * Long.BYTES, third);
        target.putLong(at + 3 * Long.BYTES, fourth);
    }

    /** With its length in front, so that no two lists of texts are the same bytes. */
    private static void addText(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
