package io.forebay.blob.azure.plane;

import io.forebay.blob.ByteSink;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Locale;

/** Reads the body of an answer to its end, however the server marks it. */
final class BodyReader {
    private static final int MAX_CHUNK_LINE_CHARACTERS = 1_024;
    private static final int MAX_TRAILER_LINES = 64;
    /** {@code "7fffffffffff"}: 128 TiB, and far from overflowing. */
    private static final int MAX_CHUNK_DIGITS = 12;

    private final Connection connection;
    private final Answer answer;
    private final boolean headAlone;
    private boolean endIsKnown = true;

    /** @param headAlone whether the request was for the head, which then announces a body that does not come */
    BodyReader(Connection connection, Answer answer, boolean headAlone) {
        this.connection = connection;
        this.answer = answer;
        this.headAlone = headAlone;
    }

    /** Feeds the whole body to {@code sink}. */
    void readTo(ByteSink sink) throws IOException {
        if (headAlone || !answer.hasBody()) {
            return;
        }
        String encoding = answer.header("transfer-encoding");
        if (encoding != null) {
            if (!encoding.toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new ProtocolException("the answer's transfer encoding is not known");
            }
            chunked(sink);
            return;
        }
        if (answer.header("content-length") == null) {
            untilTheEnd(sink);
        } else {
            exactly(answer.announcedBytes(), sink);
        }
    }

    /** Whether the connection stands right behind the body. */
    boolean endIsKnown() {
        return endIsKnown;
    }

    private void exactly(long length, ByteSink sink) throws IOException {
        for (long left = length; left > 0; ) {
            int fed = connection.feed(sink, left);
            if (fed < 0) {
                throw new EOFException("the body ended after " + (length - left) + " of " + length + " bytes");
            }
            left -= fed;
        }
    }

    private void untilTheEnd(ByteSink sink) throws IOException {
        endIsKnown = false;
        while (connection.feed(sink, Long.MAX_VALUE) >= 0) {
            // Until there is no more.
        }
    }

    private void chunked(ByteSink sink) throws IOException {
        for (long length = chunkLength(); length > 0; length = chunkLength()) {
            exactly(length, sink);
            if (!line().isEmpty()) {
                throw new ProtocolException("a chunk of the body is longer than announced");
            }
        }
        for (int trailers = 0; !line().isEmpty(); trailers++) {
            if (trailers == MAX_TRAILER_LINES) {
                throw new ProtocolException("the body does not end");
            }
        }
    }

    private long chunkLength() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        boolean hexadecimal = !digits.isEmpty()
                && digits.length() <= MAX_CHUNK_DIGITS
                && digits.chars().allMatch(character -> Character.digit(character, 16) >= 0);
        if (!hexadecimal) {
            throw new ProtocolException("a chunk of the body has no length");
        }
        return Long.parseLong(digits, 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = connection.next(); next != '\n'; next = connection.next()) {
            if (next < 0) {
                throw new EOFException("the body ended in the middle of a chunk");
            }
            if (line.length() == MAX_CHUNK_LINE_CHARACTERS) {
                throw new ProtocolException("a chunk of the body has no length");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
