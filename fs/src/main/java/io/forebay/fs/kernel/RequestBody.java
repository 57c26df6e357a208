package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What follows the header of a request. Every access is checked against the length that was really read. */
final class RequestBody {
    private static final char REPLACEMENT = '\uFFFD';

    private final MemorySegment body;

    /** @param request header and all */
    RequestBody(MemorySegment request) {
        this.body = request.asSlice(Wire.InHeader.SIZE);
    }

    long lengthBytes() {
        return body.byteSize();
    }

    /** This body, which has at least the {@code sizeBytes} of a structure. */
    RequestBody struct(long sizeBytes) throws Malformed {
        if (body.byteSize() < sizeBytes) {
            throw new Malformed("truncated");
        }
        return this;
    }

    /** @param at within a {@link #struct} that was checked */
    int u32(int at) {
        return body.get(JAVA_INT_UNALIGNED, at);
    }

    /** @param at within a {@link #struct} that was checked */
    long u64(int at) {
        return body.get(JAVA_LONG_UNALIGNED, at);
    }

    /** A position or length within a file. */
    long offset(int at) throws Malformed {
        long offset = u64(at);
        if (offset < 0) {
            throw new Malformed("offset");
        }
        return offset;
    }

    /** A number of bytes to move. */
    int count(int at) throws Malformed {
        int count = u32(at);
        if (count < 0) {
            throw new Malformed("count");
        }
        return count;
    }

    MemorySegment bytes(int at, int length) throws Malformed {
        struct((long) at + length);
        return body.asSlice(at, length);
    }

    /** A name within a directory. */
    String name(int at) throws Malformed {
        String name = text(at);
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new Malformed("name");
        }
        return name;
    }

    /** Text that ends with a zero byte, in UTF-8 and nothing else. */
    String text(int at) throws Malformed {
        byte[] bytes = body.asSlice(at, behindText(at) - 1 - at).toArray(JAVA_BYTE);
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Only text that has the mark of a wrong byte can have had one; it may also have been written that way.
        if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
            throw new NotText();
        }
        return text;
    }

    /** Where the bytes behind the zero byte of the text at {@code at} begin. */
    int behindText(int at) throws Malformed {
        for (int index = at; index < body.byteSize(); index++) {
            if (body.get(JAVA_BYTE, index) == 0) {
                return index + 1;
            }
        }
        throw new Malformed("text without end");
    }

    /** The request breaks the protocol. */
    static class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String reason) {
            super(reason, null, false, false);
        }

        final String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** A name is not UTF-8. */
    static final class NotText extends Malformed {
        private static final long serialVersionUID = 1L;

        NotText() {
            super("name is not UTF-8");
        }
    }
}
