package io.forebay.nativetests.scenario;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A file of random bytes that need not be kept to be known again.
 *
 * @param sizeBytes a multiple of 1 MiB
 */
record LargeFile(long sizeBytes) {
    private static final int PIECE_BYTES = 1 << 20;

    /** Writes it in pieces of 1 MiB, and gives its checksum. */
    long write(Path path) throws IOException {
        CRC32C checksum = new CRC32C();
        SplittableRandom random = new SplittableRandom(sizeBytes);
        byte[] piece = new byte[PIECE_BYTES];
        try (FileChannel file = FileChannel.open(path, CREATE_NEW, WRITE)) {
            for (long at = 0; at < sizeBytes; at += PIECE_BYTES) {
                random.nextBytes(piece);
                checksum.update(piece);
                ByteBuffer bytes = ByteBuffer.wrap(piece);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        }
        return checksum.getValue();
    }

    /** The checksum of what a file holds now. */
    static long checksum(Path path) throws IOException {
        CRC32C checksum = new CRC32C();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try (FileChannel file = FileChannel.open(path, READ)) {
            while (file.read(piece) >= 0) {
                piece.flip();
                checksum.update(piece);
                piece.clear();
            }
        }
        return checksum.getValue();
    }
}
