package io.forebay.blob.azure.plane;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.ByteSink;
import io.forebay.blob.FileBytes;
import io.forebay.blob.azure.plane.Watchdog.Watch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A connection to the server, and its buffer. Used by one call at a time. */
final class Connection {
    /** Eight TLS records. All connections that there may be have 16 MiB of it together. */
    static final int BUFFER_BYTES = 128 << 10;

    /** What is read of a body at a time where it cannot go straight into the buffer. */
    private static final int PIECE_BYTES = 64 << 10;

    private final Wire wire;
    /** Between calls empty. In a call first what leaves, then what arrived and was not taken yet. */
    private final ByteBuffer buffer;

    private byte[] piece = new byte[0];
    private Watch watch;
    private boolean kept;
    private boolean answered;
    private long idleSinceNanos;

    Connection(Wire wire, Watch watch) {
        this.wire = wire;
        this.watch = watch;
        this.buffer = wire.newBuffer(BUFFER_BYTES).limit(0);
    }

    /** Makes it that of another call; what was left over from the last one would be an answer to nothing. */
    void beginCall(Watch ofCall) throws IOException {
        watch = ofCall;
        answered = false;
        ofCall.guard(wire::close);
    }

    /** Whether it served another call before. */
    boolean isKept() {
        return kept;
    }

    /** Whether a byte of an answer has come. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether it stands where another request may be sent. */
    boolean isClean() {
        return !buffer.hasRemaining();
    }

    void becomeIdle(long nowNanos) {
        kept = true;
        idleSinceNanos = nowNanos;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** Whether it can be taken for another call, as far as this side can tell. */
    boolean isUsable() {
        try {
            return wire.isQuiet();
        } catch (IOException broken) {
            return false;
        }
    }

    void close() {
        wire.close();
    }

    // ---- sending

    void send(String head) throws IOException {
        buffer.clear();
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        for (int sent = 0; sent < bytes.length; ) {
            int count = Math.min(bytes.length - sent, roomAfterFlush());
            buffer.put(bytes, sent, count);
            sent += count;
        }
    }

    /** Sends the body behind the head, and never its last byte unless the length is what was announced. */
    void send(BlobBody body) throws IOException {
        try (InputStream in = body.open()) {
            Optional<WritableByteChannel> target = wire.fileTarget();
            long left = body.lengthBytes();
            if (in instanceof FileBytes file && target.isPresent()) {
                left = sendFile(file, target.get(), left);
            }
            while (left > 0) {
                int read = take(in, (int) Math.min(left, roomAfterFlush()));
                if (read < 0) {
                    throw wrongLength(body, "shorter");
                }
                left -= read;
            }
            if (in.read() >= 0) {
                throw wrongLength(body, "longer");
            }
        }
        flush();
    }

    /** Sends what the kernel can send, and returns how much is left. */
    private long sendFile(FileBytes file, WritableByteChannel target, long bytes) throws IOException {
        flush();
        long left = bytes;
        for (int sent = file.sendTo(target); sent > 0; sent = left > 0 ? file.sendTo(target) : 0) {
            left -= sent;
            watch.moved();
        }
        return left;
    }

    private int roomAfterFlush() throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        return buffer.remaining();
    }

    /** Moves up to {@code limit} bytes into the buffer. */
    private int take(InputStream in, int limit) throws IOException {
        if (buffer.hasArray()) {
            int read = in.read(buffer.array(), buffer.arrayOffset() + buffer.position(), limit);
            buffer.position(buffer.position() + Math.max(read, 0));
            return read;
        }
        if (piece.length == 0) {
            piece = new byte[PIECE_BYTES];
        }
        int read = in.read(piece, 0, Math.min(limit, piece.length));
        buffer.put(piece, 0, Math.max(read, 0));
        return read;
    }

    private static ForebayException wrongLength(BlobBody body, String how) {
        return new ForebayException.Corrupt(
                "the body to be sent is " + how + " than the " + body.lengthBytes() + " bytes announced");
    }

    void flush() throws IOException {
        buffer.flip();
        try {
            wire.write(buffer);
            watch.moved();
        } finally {
            buffer.clear();
        }
    }

    /** Nothing more is sent: from here on the buffer is for what arrives. */
    void beginAnswer() {
        buffer.clear().limit(0);
    }

    // ---- receiving

    /** The next byte, or -1 at the end. */
    int next() throws IOException {
        return buffer.hasRemaining() || receive() ? buffer.get() & 0xff : -1;
    }

    /**
     * Hands over what has arrived, waiting for it if need be.
     *
     * @return how many bytes, at most {@code limitBytes}; or -1 at the end
     */
    int feed(ByteSink sink, long limitBytes) throws IOException {
        if (!buffer.hasRemaining() && !receive()) {
            return -1;
        }
        int count = (int) Math.min(buffer.remaining(), limitBytes);
        ByteBuffer piece = buffer.slice(buffer.position(), count);
        sink.accept(piece);
        buffer.position(buffer.position() + count);
        watch.moved();
        watch.check();
        return count;
    }

    private boolean receive() throws IOException {
        buffer.clear();
        int read;
        try {
            read = wire.read(buffer);
        } finally {
            buffer.flip();
        }
        answered |= read > 0;
        watch.moved();
        return read > 0;
    }
}
