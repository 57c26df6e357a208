package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.FileBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Some bytes of a file on their way to the store; the checksums of their pages are made as they pass. */
final class SummedBytes extends InputStream implements FileBytes {
    /** What goes at a time, first through the checksum and then to the channel: it stays in the processor's cache. */
    static final int PIECE_BYTES = 256 << 10;

    private static final int WRITTEN_BYTES = 16 << 10;

    private final SparseFile file;
    private final long end;
    private final PageSums sums;
    private final Guard guard;
    private final boolean byReference;
    private long at;
    private @Nullable ByteBuffer piece;

    /** Fails if the bytes may not be read any more. */
    @FunctionalInterface
    interface Guard {
        void check() throws ForebayException;
    }

    /**
     * @param byReference whether the kernel may send its own pages, which somebody who writes the file could change on their
     *     way; else what is sent is what the checksums are of
     */
    SummedBytes(SparseFile file, long start, long end, PageSums sums, Guard guard, boolean byReference) {
        this.file = file;
        this.at = start;
        this.end = end;
        this.sums = sums;
        this.guard = guard;
        this.byReference = byReference;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        guard.check();
        int count = (int) Math.min(length, end - at);
        if (count == 0) {
            return length == 0 ? 0 : -1;
        }
        file.read(at, ByteBuffer.wrap(target, offset, count));
        sums.add(target, offset, count);
        passed(count);
        return count;
    }

    /** Local failures come up while the checksum is made; what fails after that is the other side's. */
    @Override
    public int sendTo(WritableByteChannel target) throws IOException {
        guard.check();
        int count = (int) Math.min(PIECE_BYTES, end - at);
        if (count == 0) {
            return 0;
        }
        ByteBuffer bytes = piece;
        if (bytes == null) {
            bytes = ByteBuffer.allocateDirect(count);
            piece = bytes;
        }
        file.read(at, bytes.clear().limit(count));
        sums.add(bytes.flip());
        bytes.rewind();
        if (byReference) {
            sendReferences(bytes, target);
        } else {
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
        }
        passed(count);
        return count;
    }

    /** A socket of a virtual thread does not wait in the kernel; it does in a write of its own. */
    private void sendReferences(ByteBuffer bytes, WritableByteChannel target) throws IOException {
        int count = bytes.remaining();
        for (int sent = 0; sent < count; ) {
            int taken = file.sendTo(at + sent, count - sent, target);
            sent += taken > 0 ? taken : target.write(bytes.slice(sent, Math.min(WRITTEN_BYTES, count - sent)));
        }
    }

    private void passed(int count) {
        at += count;
        if (at == end) {
            sums.flush();
        }
    }

    @Override
    public void close() {
        sums.flush();
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - at);
    }
}
