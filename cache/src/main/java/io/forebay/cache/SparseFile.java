package io.forebay.cache;

import io.forebay.base.error.ForebayException;
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
import org.jspecify.annotations.Nullable;

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
    private final DiskHealth health;
    /** Null as long as nobody has used it. */
    private volatile @Nullable FileChannel channel;
    /** Guarded by this. */
    private boolean closed;

    private volatile boolean lent;
    private volatile boolean untouched;

    /**
     * The file at {@code path}.
     *
     * @param channel which has it open for reading and writing; null for a file that the first use is to open: most
     *     small files are opened and closed again without one, since the kernel has their pages
     */
    SparseFile(Path path, @Nullable FileChannel channel, DiskHealth health) {
        this.path = path;
        this.channel = channel;
        this.untouched = channel == null;
        this.health = health;
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * From now on this holds no descriptor for writing longer than a call, so that whoever asks whether borrowers still
     * have one does not find ours.
     */
    synchronized void beginLoan() throws ForebayException {
        untouched = false;
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
            FileChannel file = opened();
            for (int done = 0; done < length; ) {
                long count = file.transferTo(offset + done, length - done, target);
                if (count <= 0) {
                    throw endsAt(offset + done);
                }
                done += Math.toIntExact(count);
            }
        } catch (ForebayException failure) {
            throw failure;
        } catch (IOException failure) {
            throw health.failed("cannot send cached content", path, failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Sends bytes that were read before to {@code target}. What fails is taken for the target's failure: it says nothing
     * about the disk.
     *
     * @return how many: 0 where the target takes none without waiting
     */
    int sendTo(long offset, int length, WritableByteChannel target) throws IOException {
        while (true) {
            FileChannel from = opened();
            try {
                return Math.toIntExact(from.transferTo(offset, length, target));
            } catch (ClosedChannelException closed) {
                if (from.isOpen() || !target.isOpen() || Thread.currentThread().isInterrupted()) {
                    throw closed;
                }
                // Another thread was interrupted while it used the file.
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
        try (FileChannel once = openForOneWrite()) {
            return once.write(part, offset);
        }
    }

    private synchronized FileChannel openForOneWrite() throws IOException {
        checkOpen();
        return FileChannel.open(path, StandardOpenOption.WRITE);
    }

    /** Cuts or extends the file; what is added is a hole. */
    synchronized void setLength(long lengthBytes) throws ForebayException {
        checkOpen();
        untouched = false;
        // A channel cannot extend a file without writing; this class can, and no interrupt closes it.
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(lengthBytes);
        } catch (IOException failure) {
            throw health.failed("cannot resize cached content", path, failure);
        }
    }

    Path path() {
        untouched = false;
        return path;
    }

    /** Whether it was a file for the first use to open, and nothing has used it, nor learned where it is. */
    boolean isUntouched() {
        return untouched;
    }

    long length() throws ForebayException {
        return attributes().size();
    }

    /** When the file was written since {@link #markUnwritten}, in nanoseconds since 1970; empty if it was not. */
    OptionalLong writtenNanos() throws ForebayException {
        FileTime modified = attributes().lastModifiedTime();
        return modified.equals(UNWRITTEN) ? OptionalLong.empty() : OptionalLong.of(modified.to(TimeUnit.NANOSECONDS));
    }

    private synchronized BasicFileAttributes attributes() throws ForebayException {
        checkOpen();
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException failure) {
            throw health.failed("cannot look at cached content", path, failure);
        }
    }

    /** Waits for a write that is under way; every later one replaces the mark. */
    synchronized void markUnwritten() throws ForebayException {
        checkOpen();
        try {
            Files.setLastModifiedTime(path, UNWRITTEN);
        } catch (IOException failure) {
            throw health.failed("cannot mark cached content", path, failure);
        }
    }

    /** Writes what is not yet on disk there; the next store through a mapping is noticed after that. */
    void force() throws ForebayException {
        transfer("cannot write cached content to disk", 0, NOTHING, (file, _, _) -> {
            health.storage().force(file, path);
            return 0;
        });
    }

    /** Closes the descriptor; the next use opens the file again. */
    synchronized void rest() throws ForebayException {
        try {
            FileChannel now = channel;
            if (now != null) {
                now.close();
            }
        } catch (IOException failure) {
            throw health.failed("cannot close cached content", path, failure);
        }
    }

    /** Nobody uses it any more; it stays on disk. Its path may belong to another file from now on. */
    @Override
    public synchronized void close() throws ForebayException {
        if (!closed) {
            closed = true;
            rest();
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
                    return transfer.run(opened(), part.duplicate(), offset);
                } catch (ClosedByInterruptException _) {
                    interrupted |= Thread.interrupted();
                } catch (ClosedChannelException _) {
                    // Somebody else was interrupted, or the file went to rest: once more.
                }
            }
        } catch (IOException failure) {
            throw health.failed(what, path, failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel now = channel;
        return now != null && now.isOpen() ? now : reopened();
    }

    private synchronized FileChannel reopened() throws IOException {
        checkOpen();
        FileChannel now = channel;
        if (now == null || !now.isOpen()) {
            now = lent ? FileChannel.open(path, StandardOpenOption.READ) : open(path);
            channel = now;
            untouched = false;
        }
        return now;
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
