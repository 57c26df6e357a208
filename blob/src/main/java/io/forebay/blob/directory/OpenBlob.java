package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One version of a blob, open. A store never writes to a published file, so only a person's hand can change its bytes. */
final class OpenBlob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenBlob.class);
    private static final int PIECE_BYTES = 256 << 10;

    private final StoredBlob blob;
    private final FileChannel channel;

    OpenBlob(StoredBlob blob, FileChannel channel) {
        this.blob = blob;
        this.channel = channel;
    }

    VersionRecord version() {
        return blob.version();
    }

    /** Hands the range to the sink, piece by piece. */
    void read(ByteRange range, ByteSink sink, Deadline deadline) throws ForebayException {
        requireHas(range);
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, range.length()));
        for (long at = range.offset(); at < range.end(); at += piece.limit()) {
            Disk.requireTimeLeft(deadline, "only a part of " + blob.name() + " was read");
            piece.clear().limit((int) Math.min(piece.capacity(), range.end() - at));
            fill(piece, at);
            requireUnedited();
            hand(piece.flip(), sink);
        }
    }

    /** @throws ForebayException.InvalidArgument if the range reaches behind the end */
    void requireHas(ByteRange range) throws ForebayException {
        if (range.end() > version().sizeBytes()) {
            throw new ForebayException.InvalidArgument("the bytes " + range.offset() + " to " + range.end() + " of "
                    + blob.name() + " do not exist, it has " + version().sizeBytes());
        }
    }

    private void fill(ByteBuffer piece, long offset) throws ForebayException {
        try {
            while (piece.hasRemaining()) {
                if (channel.read(piece, offset + piece.position()) < 0) {
                    throw edited();
                }
            }
        } catch (IOException failure) {
            throw Disk.failed("cannot read the blob " + blob.name(), blob.file(), failure);
        }
    }

    /** @throws ForebayException.Changed if somebody wrote to this very file since it was opened */
    void requireUnedited() throws ForebayException {
        try {
            Optional<FileState> now = FileState.of(blob.file());
            if (now.isPresent()
                    && now.get().inode() == blob.state().inode()
                    && !now.get().sameBytesAs(blob.state())) {
                throw edited();
            }
        } catch (IOException failure) {
            throw Disk.failed("cannot look at the blob " + blob.name(), blob.file(), failure);
        }
    }

    private ForebayException.Changed edited() {
        return new ForebayException.Changed("the file of the blob " + blob.name() + " was edited while it was read");
    }

    private void hand(ByteBuffer piece, ByteSink sink) throws ForebayException {
        try {
            sink.accept(piece);
        } catch (IOException failure) {
            throw Disk.failed("cannot hand on what was read", blob.file(), failure);
        }
    }

    /** Writes some bytes behind what {@code target} holds. */
    void appendTo(IncomingFile target, long offset, long lengthBytes, Deadline deadline) throws IOException {
        target.append(channel, offset, lengthBytes, deadline);
        requireUnedited();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            log.warn("file not closed file={} reason={}", blob.file(), failure.getMessage());
        }
    }
}
