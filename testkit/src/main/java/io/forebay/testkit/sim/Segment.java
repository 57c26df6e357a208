package io.forebay.testkit.sim;

import java.nio.ByteBuffer;

/** A run of bytes of a blob. */
sealed interface Segment {
    long lengthBytes();

    /** The part of it that begins at {@code offset} and has {@code length} bytes. */
    Segment part(long offset, long length);

    /** A view of some bytes from {@code offset} on, at least one and at most {@code limit}. */
    ByteBuffer view(long offset, long limit);

    /** Bytes that a client wrote. */
    final class Kept implements Segment {
        private final byte[] bytes;
        private final int from;
        private final int length;

        private Kept(byte[] bytes, int from, int length) {
            this.bytes = bytes;
            this.from = from;
            this.length = length;
        }

        static Kept of(byte[] bytes) {
            return new Kept(bytes, 0, bytes.length);
        }

        @Override
        public long lengthBytes() {
            return length;
        }

        @Override
        public Segment part(long offset, long partLength) {
            return new Kept(bytes, from + Math.toIntExact(offset), Math.toIntExact(partLength));
        }

        @Override
        public ByteBuffer view(long offset, long limit) {
            int at = from + Math.toIntExact(offset);
            return ByteBuffer.wrap(bytes, at, (int) Math.min(limit, from + length - at))
                    .slice();
        }
    }

    /** Bytes that nobody wrote, or that were not kept: the pattern of {@code seed}, from {@code from} on. */
    record Synthetic(long seed, long from, long lengthBytes) implements Segment {
        @Override
        public Segment part(long offset, long length) {
            return new Synthetic(seed, from + offset, length);
        }

        @Override
        public ByteBuffer view(long offset, long limit) {
            return SyntheticContent.slice(seed, from + offset, Math.min(limit, lengthBytes - offset));
        }
    }
}
