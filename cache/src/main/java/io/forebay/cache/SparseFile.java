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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

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

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The time of modification of a file that nobody has written since; whole seconds, which every file system keeps. */
    private static final FileTime UNWRITTEN = FileTime.from(315_532_800, TimeUnit.SECONDS); // 1980-01-01

    private final Path path;
    private volatile FileChannel channel;
    /** Guarded by this. */
    private boolean closed;

    private volatile boolean lent;

    /** Opens the file at {@code path}, which must exist. */
    SparseFile(Path path) throws IOException {
        this.path = path;
        this.channel = open(path);
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * From now on this holds no descriptor for writing longer than a call, so that whoever asks whether borrowers still
     * have one does not find ours.
     */
    synchronized void beginLoan() throws ForebayException {
        lent = true;
        rest();
    }

    synchronized void endLoan() throws ForebayException {
        lent = false;
        rest();
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
            if (!channel.isOpen()) {
                reopen();
            }
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
            int count = transfer("cannot write cached content", at, part, this::writePart);
            source.position(source.position() + count);
            at += count;
        }
    }

    private int writePart(FileChannel own, ByteBuffer part, long offset) throws IOException {
        if (!lent) {
            return own.write(part, offset);
        }
        try (FileChannel once = FileChannel.open(path, StandardOpenOption.WRITE)) {
            return once.write(part, offset);
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

    Path path() {
        return path;
    }

    long length() throws ForebayException {
        return attributes().size();
    }

    /** When the file was written since {@link #markUnwritten}, in nanoseconds since 1970; empty if it was not. */
    OptionalLong writtenNanos() throws ForebayException {
        FileTime modified = attributes().lastModifiedTime();
        return modified.equals(UNWRITTEN) ? OptionalLong.empty() : OptionalLong.of(modified.to(TimeUnit.NANOSECONDS));
    }

    private BasicFileAttributes attributes() throws ForebayException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot look at cached content", path, failure);
        }
    }

    /** Waits for a write that is under way; every later one replaces the mark. */
    void markUnwritten() throws ForebayException {
        try {
            Files.setLastModifiedTime(path, UNWRITTEN);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot mark cached content", path, failure);
        }
    }

    /** Writes dirty pages to disk, so that the next store through a mapping is noticed. */
    void cleanPages() throws ForebayException {
        transfer("cannot write cached content to disk", 0, NOTHING, (file, _, _) -> {
            file.force(false);
            return 0;
        });
    }

    /** Closes the descriptor; the next use opens the file again. */
    synchronized void rest() throws ForebayException {
        try {
            channel.close();
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot close cached content", path, failure);
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
            channel = lent ? FileChannel.open(path, StandardOpenOption.READ) : open(path);
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
