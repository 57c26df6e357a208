package io.forebay.fs.kernel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipe in which an answer is put together from memory and from pages of a file, to be handed to the kernel without a
 * copy. One thread at a time works with it. It is of no more use once something was left in it.
 */
final class AnswerPipe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerPipe.class);

    private static final int F_SETPIPE_SZ = 1031;

    /** What every user may have, and what a container's root may not exceed: 256 pages of 4 KiB. */
    private static final int SIZE_BYTES = 1 << 20;
    /**
     * The most that one answer may carry. A pipe takes 256 pieces, each within one page: the header takes one, and the
     * next power of two would not leave it room.
     */
    static final int MAX_DATA_BYTES = SIZE_BYTES / 2;

    private final int readingFd;
    /** A channel of the writing end, which Java's own file channels know how to transfer to. */
    private final FileChannel writing;

    private long heldBytes;

    private AnswerPipe(int readingFd, FileChannel writing) {
        this.readingFd = readingFd;
        this.writing = writing;
    }

    /** Empty where this user has too many pipes already, or descriptors. */
    static Optional<AnswerPipe> open() {
        int[] ends = PipeCalls.pipe();
        if (ends.length == 0) {
            return Optional.empty();
        }
        try {
            if (Posix.fcntl(ends[1], F_SETPIPE_SZ, SIZE_BYTES) < SIZE_BYTES) {
                Posix.close(ends[0]);
                return Optional.empty();
            }
            FileChannel writing = FileChannel.open(Path.of("/proc/self/fd/" + ends[1]), StandardOpenOption.WRITE);
            return Optional.of(new AnswerPipe(ends[0], writing));
        } catch (IOException failure) {
            LOG.debug("answers are copied reason={}", failure.getMessage());
            Posix.close(ends[0]);
            return Optional.empty();
        } finally {
            Posix.close(ends[1]);
        }
    }

    /** Where pages of files are transferred to, behind the header. */
    FileChannel writing() {
        return writing;
    }

    /**
     * Begins an answer.
     *
     * @param header all of it
     * @param dataBytes how much will be transferred to {@link #writing}; at most {@link #MAX_DATA_BYTES}
     */
    void begin(MemorySegment header, int dataBytes) throws IOException {
        heldBytes = header.byteSize() + dataBytes;
        writing.write(header.asByteBuffer());
    }

    /** Sends what was begun and transferred; returns its length, or the negative errno. */
    long sendTo(ReplyChannel channel, MemorySegment state) {
        long sent = channel.splice(readingFd, heldBytes, state);
        heldBytes -= Math.max(sent, 0);
        return sent;
    }

    boolean isEmpty() {
        return heldBytes == 0;
    }

    @Override
    public void close() {
        try {
            writing.close();
        } catch (IOException failure) {
            LOG.debug("a pipe is not closed reason={}", failure.getMessage());
        }
        Posix.close(readingFd);
    }
}
