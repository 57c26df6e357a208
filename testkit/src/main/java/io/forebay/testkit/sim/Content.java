package io.forebay.testkit.sim;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a blob, of a block, or of an answer: segments one behind the other. Never changed. */
final class Content {
    static final Content EMPTY = new Content(List.of());

    private final List<Segment> segments;
    /** Where each segment begins, and behind them where the last one ends. */
    private final long[] starts;

    private Content(List<Segment> segments) {
        this.segments = segments;
        this.starts = new long[segments.size() + 1];
        for (int i = 0; i < segments.size(); i++) {
            starts[i + 1] = starts[i] + segments.get(i).lengthBytes();
        }
    }

    static Content of(byte[] bytes) {
        return of(Segment.Kept.of(bytes));
    }

    static Content of(Segment segment) {
        return segment.lengthBytes() == 0 ? EMPTY : new Content(List.of(segment));
    }

    /** All of them, in that order. */
    static Content joined(List<Content> parts) {
        List<Segment> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.segments));
        return new Content(List.copyOf(all));
    }

    long lengthBytes() {
        return starts[segments.size()];
    }

    /** The part that begins at {@code offset} and has {@code length} bytes. */
    Content part(long offset, long length) {
        List<Segment> parts = new ArrayList<>();
        long at = offset;
        long end = offset + length;
        for (int i = segmentAt(offset); at < end; i++) {
            long run = Math.min(end, starts[i + 1]) - at;
            if (run > 0) {
                parts.add(segments.get(i).part(at - starts[i], run));
            }
            at += run;
        }
        return new Content(parts);
    }

    /** A view of some bytes from {@code offset} on, at least one and at most {@code limit}. */
    ByteBuffer view(long offset, long limit) {
        int index = segmentAt(offset);
        return segments.get(index).view(offset - starts[index], limit);
    }

    /** A copy of all bytes, for what is known to be small. */
    byte[] bytes() {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(lengthBytes()));
        while (all.hasRemaining()) {
            all.put(view(all.position(), all.remaining()));
        }
        return all.array();
    }

    byte[] md5() {
        MessageDigest digest = newMd5();
        for (long at = 0; at < lengthBytes(); ) {
            ByteBuffer piece = view(at, SyntheticContent.SLICE_BYTES);
            at += piece.remaining();
            digest.update(piece);
        }
        return digest.digest();
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The segment that holds that offset; the first one of an offset of nothing. */
    private int segmentAt(long offset) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts[middle + 1] <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
