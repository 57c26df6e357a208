package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is being written where nobody looks. A rename publishes it once it is synced; if none comes, closing
 * removes it.
 */
final class IncomingFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(IncomingFile.class);
    private static final int COPY_BUFFER_BYTES = 128 << 10;

    /** So much is copied between two looks at the deadline: tens of milliseconds on any disk. */
    private static final long COPY_STEP_BYTES = 16L << 20;

    private final Path path;
    private final FileChannel channel;

    private IncomingFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static IncomingFile create(Path folder) throws IOException {
        Path path = folder.resolve(UUID.randomUUID().toString());
        return new IncomingFile(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    Path path() {
        return path;
    }

    long sizeBytes() throws IOException {
        return channel.size();
    }

    /**
     * Appends the whole body.
     *
     * @throws ForebayException.Corrupt if it is not as long as it says
     */
    void append(BlobBody body, Deadline deadline) throws IOException {
        long written = 0;
        try (InputStream in = body.open()) {
            byte[] buffer = new byte[COPY_BUFFER_BYTES];
            int read;
            while (written <= body.lengthBytes() && (read = in.read(buffer)) >= 0) {
                Disk.requireTimeLeft(deadline, "a body was not written to " + path);
                append(ByteBuffer.wrap(buffer, 0, read));
                written += read;
            }
        }
        if (written != body.lengthBytes()) {
            throw new ForebayException.Corrupt("a body that should have " + body.lengthBytes() + " bytes has "
                    + (written < body.lengthBytes() ? "only " + written : "more"));
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Appends a run of another file, by the kernel and without copying where the file system can share blocks.
     *
     * @throws ForebayException.Corrupt if the file ends before the run does
     */
    void append(FileChannel source, long offset, long lengthBytes, Deadline deadline) throws IOException {
        long at = offset;
        long end = offset + lengthBytes;
        while (at < end) {
            Disk.requireTimeLeft(deadline, "a file was not copied to " + path);
            long copied = source.transferTo(at, Math.min(COPY_STEP_BYTES, end - at), channel);
            if (copied <= 0) {
                throw new ForebayException.Corrupt("a file became shorter while it was copied to " + path);
            }
            at += copied;
        }
    }

    /** Makes bytes and attributes durable. */
    void sync() throws IOException {
        channel.force(true);
    }

    FileState state() throws IOException {
        return FileState.of(path)
                .orElseThrow(() -> new ForebayException.Unexpected(path + " was removed while it was written", null));
    }

    /** Closes the file, and removes it unless it was published under another name. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException failure) {
            log.warn("leftover stays until the next sweep file={} reason={}", path, failure.getMessage());
        }
    }
}
