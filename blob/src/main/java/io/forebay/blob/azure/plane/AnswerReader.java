package io.forebay.blob.azure.plane;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads the head of an answer, within limits: what no Blob service sends is not waited for. */
final class AnswerReader {
    /** Azure's own heads are some 600 bytes, and metadata at most 8 KiB. */
    private static final int MAX_HEAD_BYTES = 32 << 10;

    private static final int MAX_HEADERS = 200;
    private static final int MAX_INTERIM_ANSWERS = 8;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final String HTTP_1 = "HTTP/1.";
    /** {@code "HTTP/1.1 200"}. */
    private static final int STATUS_AT = 9;

    private static final int STATUS_END = 12;

    private final Connection connection;
    private int leftBytes;

    AnswerReader(Connection connection) {
        this.connection = connection;
    }

    /** The answer, behind those that only say that it will come. */
    Answer read() throws IOException {
        for (int interim = 0; interim <= MAX_INTERIM_ANSWERS; interim++) {
            leftBytes = MAX_HEAD_BYTES;
            Answer answer = readOne();
            if (!answer.isInterim()) {
                return answer;
            }
            if (answer.status() == SWITCHING_PROTOCOLS) {
                break;
            }
        }
        throw new ProtocolException("the server answers, but not the request");
    }

    private Answer readOne() throws IOException {
        String statusLine = line();
        int status = status(statusLine);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (headers.size() == MAX_HEADERS) {
                throw new ProtocolException("the answer has more than " + MAX_HEADERS + " headers");
            }
            int colon = line.indexOf(':');
            // A space before the colon, or a line that goes on from the one before, is how answers are smuggled.
            if (colon < 1 || line.charAt(colon - 1) <= ' ' || line.charAt(0) <= ' ') {
                throw new ProtocolException("the answer has a malformed header");
            }
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            String before = headers.putIfAbsent(name, value);
            if (before != null && name.equalsIgnoreCase("content-length") && !before.equals(value)) {
                throw new ProtocolException("the answer has two lengths");
            }
        }
        String persistence = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean keepsAlive = statusLine.startsWith("HTTP/1.1") && !persistence.contains("close");
        return new Answer(status, headers, keepsAlive);
    }

    private static int status(String line) throws ProtocolException {
        boolean wellFormed = line.startsWith(HTTP_1)
                && line.length() >= STATUS_END
                && line.charAt(STATUS_AT - 1) == ' '
                && (line.length() == STATUS_END || line.charAt(STATUS_END) == ' ');
        if (!wellFormed) {
            throw new ProtocolException("the server does not speak HTTP/1");
        }
        int status = 0;
        for (int index = STATUS_AT; index < STATUS_END; index++) {
            int digit = line.charAt(index) - '0';
            if (digit < 0 || digit > 9) {
                throw new ProtocolException("the answer has no status");
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            int next = connection.next();
            if (next < 0) {
                throw new EOFException("the server ended the connection instead of answering");
            }
            leftBytes--;
            if (leftBytes < 0) {
                throw new ProtocolException("the answer's head is larger than " + MAX_HEAD_BYTES + " bytes");
            }
            if (next == '\n') {
                int length = line.length();
                if (length > 0 && line.charAt(length - 1) == '\r') {
                    line.setLength(length - 1);
                }
                return line.toString();
            }
            line.append((char) next);
        }
    }
}
