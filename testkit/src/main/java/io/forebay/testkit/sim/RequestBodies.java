package io.forebay.testkit.sim;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: read once, by the operation that wants it, or thrown away.
 *
 * <p>A body that is kept is read into memory of its own; of one that is not, only the length and the checksum remain.
 */
final class RequestBodies {
    /**
     * What was read.
     *
     * @param kept all of it, or null if it was not to be kept
     */
    record Body(@Nullable Content kept, long lengthBytes) {}

    /** Larger ones are no request of Blob storage: Put Block takes 4,000 MiB, and an array 2 GiB less a little. */
    private static final long MOST_KEPT_BYTES = Integer.MAX_VALUE - 8;

    private final RequestHead head;
    private final RequestReader reader;
    private final Shaper.Lane lane;
    private final Counters counters;
    private boolean taken;

    RequestBodies(RequestHead head, RequestReader reader, Shaper.Lane lane, Counters counters) {
        this.head = head;
        this.reader = reader;
        this.lane = lane;
        this.counters = counters;
    }

    RequestHead head() {
        return head;
    }

    /** The body in memory. */
    byte[] bytes() throws IOException, Refusal {
        Content kept = read(true).kept();
        if (kept == null) {
            throw new IllegalStateException("the body was not kept");
        }
        return kept.bytes();
    }

    /** Reads the body and compares it with the checksum that came with it. */
    Body read(boolean keep) throws IOException, Refusal {
        String asked = head.header("content-md5");
        MessageDigest md5 = asked == null ? null : Content.newMd5();
        Arrival arrival = new Arrival(keep, keep ? knownLength() : 0, md5);
        taken = true;
        reader.body(head, arrival);
        counters.received(arrival.length);
        if (md5 != null && !Base64.getEncoder().encodeToString(md5.digest()).equals(asked)) {
            throw Refusal.badRequest(
                    "Md5Mismatch",
                    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.");
        }
        return arrival.body();
    }

    private int knownLength() throws IOException, Refusal {
        long length = head.contentLength();
        if (length > MOST_KEPT_BYTES) {
            throw new Refusal(413, "RequestBodyTooLarge", "The request body is too large.");
        }
        return (int) length;
    }

    /** Reads what nobody wanted, so that the connection can be used again; false if that is not possible. */
    boolean discardRest() throws IOException {
        if (taken) {
            return true;
        }
        if (head.expectsContinue()) {
            // Not asked for, it may come or not: nobody can tell where the next request begins.
            return false;
        }
        taken = true;
        reader.body(head, (_, _, length) -> lane.received(length));
        return true;
    }

    private final class Arrival implements RequestReader.Sink {
        private final boolean keep;
        private final @Nullable MessageDigest md5;
        private byte[] bytes;
        private long length;

        Arrival(boolean keep, int expected, @Nullable MessageDigest md5) {
            this.keep = keep;
            this.md5 = md5;
            this.bytes = new byte[expected];
        }

        @Override
        public void take(byte[] piece, int from, int count) throws IOException {
            lane.received(count);
            if (md5 != null) {
                md5.update(piece, from, count);
            }
            if (keep) {
                store(piece, from, count);
            }
            length += count;
        }

        private void store(byte[] piece, int from, int count) throws IOException {
            long needed = length + count;
            if (needed > MOST_KEPT_BYTES) {
                throw new IOException("a body of more than " + MOST_KEPT_BYTES + " bytes cannot be kept");
            }
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(MOST_KEPT_BYTES, Math.max(needed, 2L * bytes.length)));
            }
            System.arraycopy(piece, from, bytes, (int) length, count);
        }

        Body body() {
            if (!keep) {
                return new Body(null, length);
            }
            byte[] exact = length == bytes.length ? bytes : Arrays.copyOf(bytes, (int) length);
            return new Body(Content.of(exact), length);
        }
    }
}
