package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One file on the cache disk in which every byte of the content lies at its own offset; what was never written is a
 * hole.
 *
 * <p>Safe for use by many threads. It survives interrupts: Java closes a channel under the hands of everybody when one
 * thread that uses it is interrupted, so the channel is opened again and the transfer repeated, and the interrupt is
 * left for the thread to see when it next waits.
 */
final class SparseFile implements AutoCloseable {
    /** Java copies heap buffers through a direct buffer of the same size and keeps it, so transfers are cut. */
    private static final int TRANSFER_BYTES = 256 << 10;

    private final Path path;
    private volatile FileChannel channel;
    /** Guarded by this. */
    private boolean closed;

    /** Opens the file at {@code path}, which must exist. */
    SparseFile(Path path) throws IOException {
        this.path = path;
        this.channel = open(path);
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Fills {@code target} with the bytes from {@code offset} on; all of them must lie within the file. */
    void read(long offset, ByteBuffer target) throws ForebayException {
        long at = offset;
        while (target.hasRemaining()) {
            ByteBuffer part = target.slice(target.position(), Math.min(target.remaining(), TRANSFER_BYTES));
            int count = transfer("cannot read cached content", at, part, FileChannel::read);
            if (count < 0) {
                throw endsAt(at);
            }
            target.position(target.position() + count);
            at += count;
        }
    }

    /**
     * Writes the {@code length} bytes from {@code offset} on to {@code target}; all of them must lie within the file.
     * When it fails, some may have been written. Unlike a read it cannot be repeated, so an interrupt makes it fail, even
     * one that reaches another thread.
     */
    void transferTo(long offset, int length, WritableByteChannel target) throws ForebayException {
        boolean interrupted = Thread.interrupted();
        try {
            for (int done = 0; done < length; ) {
                long count = channel.transferTo(offset + done, length - done, target);
                if (count <= 0) {
                    throw endsAt(offset + done);
                }
                done += Math.toIntExact(count);
            }
        } catch (ForebayException failure) {
            throw failure;
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot send cached content", path, failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Writes all of {@code source} at {@code offset}; on failure its position says how much was written. */
    void write(long offset, ByteBuffer source) throws ForebayException {
        long at = offset;
        while (source.hasRemaining()) {
            ByteBuffer part = source.slice(source.position(), Math.min(source.remaining(), TRANSFER_BYTES));
            int count = transfer("cannot write cached content", at, part, FileChannel::write);
            source.position(source.position() + count);
            at += count;
        }
    }

    /** Cuts or extends the file; what is added is a hole. */
    synchronized void setLength(long lengthBytes) throws ForebayException {
        checkOpen();
        // A channel cannot extend a file without writing; this class can, and no interrupt closes it.
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(lengthBytes);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot resize cached content", path, failure);
        }
    }

    /** Closes and deletes the file. */
    @Override
    public synchronized void close() throws ForebayException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot remove cached content", path, failure);
        }
    }

    private ForebayException endsAt(long offset) {
        return new ForebayException.Corrupt(
                "the cached content in " + path + " ends at or before " + offset + "; something else has cut it");
    }

    private int transfer(String what, long offset, ByteBuffer part, Transfer transfer) throws ForebayException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return transfer.run(channel, part.duplicate(), offset);
                } catch (ClosedByInterruptException _) {
                    interrupted |= Thread.interrupted();
                    reopen();
                } catch (ClosedChannelException _) {
                    reopen();
                }
            }
        } catch (IOException failure) {
            throw LocalDisk.failed(what, path, failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen() throws IOException {
        checkOpen();
        if (!channel.isOpen()) {
            channel = open(path);
        }
    }

    private void checkOpen() throws ForebayException {
        if (closed) {
            throw new ForebayException.BadHandle("the content is closed");
        }
    }

    /** One positional read or write. */
    @FunctionalInterface
    private interface Transfer {
        int run(FileChannel file, ByteBuffer part, long offset) throws IOException;
    }
}
