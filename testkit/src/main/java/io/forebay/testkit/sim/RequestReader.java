package io.forebay.testkit.sim;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The requests of one connection, one behind the other. */
final class RequestReader {
    /** The bytes of a body as they come. */
    interface Sink {
        void take(byte[] bytes, int from, int length) throws IOException;
    }

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** Azure takes 8 KiB of metadata; names and signatures are on top of it. */
    private static final int MOST_HEAD_BYTES = 64 << 10;

    private static final int BUFFER_BYTES = 128 << 10;

    private final Link link;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    RequestReader(Link link) {
        this.link = link;
    }

    /** The next request's head, or null if the client is done. */
    @Nullable
    RequestHead head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < MOST_HEAD_BYTES) {
            String line = line();
            if (line == null) {
                if (text.isEmpty()) {
                    return null;
                }
                throw new EOFException("the connection ended within a request");
            }
            if (!line.isEmpty()) {
                text.append(line).append('\n');
            } else if (!text.isEmpty()) {
                return RequestHead.parse(text.toString());
            }
        }
        throw new IOException("a request's head has more than " + MOST_HEAD_BYTES + " bytes");
    }

    /** Reads the whole body, in its order; asks the client for it first if the client waits to be asked. */
    void body(RequestHead head, Sink sink) throws IOException {
        if (head.expectsContinue()) {
            link.write(ByteBuffer.wrap(CONTINUE));
        }
        if (head.isChunked()) {
            chunks(sink);
        } else {
            run(head.contentLength(), sink);
        }
    }

    private void chunks(Sink sink) throws IOException {
        while (true) {
            String size = requiredLine().split(";", 2)[0].strip();
            long length = parsedHex(size);
            if (length == 0) {
                while (!requiredLine().isEmpty()) {
                    // Trailers; nobody sends any that matter here.
                }
                return;
            }
            run(length, sink);
            if (!requiredLine().isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
        }
    }

    private static long parsedHex(String size) throws IOException {
        try {
            return Long.parseLong(size, 16);
        } catch (NumberFormatException notANumber) {
            throw new IOException("not the size of a chunk: " + size, notANumber);
        }
    }

    private void run(long length, Sink sink) throws IOException {
        long left = length;
        while (left > 0) {
            if (at == end) {
                fill();
            }
            int count = (int) Math.min(left, end - at);
            sink.take(buffer, at, count);
            at += count;
            left -= count;
        }
    }

    private String requiredLine() throws IOException {
        String line = line();
        if (line == null) {
            throw new EOFException("the connection ended within a body");
        }
        return line;
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() <= MOST_HEAD_BYTES) {
            if (at == end && !more()) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("the connection ended within a line");
            }
            int next = buffer[at++] & 0xff;
            if (next == '\n') {
                int length = line.length();
                if (length > 0 && line.charAt(length - 1) == '\r') {
                    line.setLength(length - 1);
                }
                return line.toString();
            }
            line.append((char) next);
        }
        throw new IOException("a line has more than " + MOST_HEAD_BYTES + " bytes");
    }

    private void fill() throws IOException {
        if (!more()) {
            throw new EOFException("the connection ended within a body");
        }
    }

    private boolean more() throws IOException {
        at = 0;
        end = Math.max(0, link.read(buffer, 0, buffer.length));
        return end > 0;
    }
}
