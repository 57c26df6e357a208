package io.forebay.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Files of bytes that no file system can make smaller. */
final class FileContent {
    private static final long SEED = 4;

    private FileContent() {}

    /** Writes a new file and leaves it open. */
    static FileChannel write(Path file, long bytes) throws IOException {
        byte[] random = new byte[Load.MEBIBYTE];
        new Random(SEED).nextBytes(random);
        ByteBuffer block = ByteBuffer.allocateDirect(random.length).put(random);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            for (long written = 0; written < bytes; ) {
                written += channel.write(block.clear());
            }
            return channel;
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }
}
