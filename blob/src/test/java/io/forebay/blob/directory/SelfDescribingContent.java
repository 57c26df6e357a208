package io.forebay.blob.directory;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;

/** Bytes that can tell whether they are whole: their number, length, noise, and a checksum over it all. */
final class SelfDescribingContent {
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;
    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final int MAX_NOISE_BYTES = 200_000;

    private SelfDescribingContent() {}

    /** The content of that number, always the same. */
    static byte[] of(long number) {
        Random random = new Random(number);
        byte[] noise = new byte[random.nextInt(MAX_NOISE_BYTES)];
        random.nextBytes(noise);
        ByteBuffer whole = ByteBuffer.allocate(HEAD_BYTES + noise.length + CHECKSUM_BYTES);
        whole.putLong(number).putInt(whole.capacity()).put(noise);
        return whole.putInt(checksum(whole.array())).array();
    }

    /** The number of the content if it is whole. */
    static Optional<Long> numberOf(byte[] content) {
        ByteBuffer whole = ByteBuffer.wrap(content);
        if (content.length < HEAD_BYTES + CHECKSUM_BYTES
                || whole.getInt(Long.BYTES) != content.length
                || whole.getInt(content.length - CHECKSUM_BYTES) != checksum(content)) {
            return Optional.empty();
        }
        return Optional.of(whole.getLong(0));
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length - CHECKSUM_BYTES);
        return (int) crc.getValue();
    }
}
