package io.forebay.testkit.sim;

import java.nio.ByteBuffer;

/**
 * What is in a blob that nobody wrote: a fixed pseudo-random pattern, begun at another place for each blob name and
 * repeated for ever.
 *
 * <p>The period is a prime, so that no two offsets which differ by a page, a block or a mebibyte hold the same bytes: what
 * was put at a wrong offset of a file shows. It is a little below a mebibyte, so that it stays in a processor's cache and
 * serving it costs no more than the system call.
 */
public final class SyntheticContent {
    /** The largest prime below 2^20. */
    static final int PERIOD_BYTES = 1_048_573;

    /** The most that {@link #slice} gives at once. */
    static final int SLICE_BYTES = 1 << 20;

    private static final byte[] PATTERN = pattern();
    private static final ByteBuffer SERVED = served();

    private SyntheticContent() {}

    /** The place in the pattern at which a blob of that name begins. */
    public static long seedOf(String blobName) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < blobName.length(); i++) {
            hash = (hash ^ blobName.charAt(i)) * 0x100000001b3L;
        }
        return Math.floorMod(mixed(hash), (long) PERIOD_BYTES);
    }

    /** One byte of the synthetic blob of that name. */
    public static byte byteAt(String blobName, long offset) {
        return PATTERN[phase(seedOf(blobName), offset)];
    }

    /** Fills {@code bytes} with what the synthetic blob of that name holds from {@code offset} on. */
    public static void fill(String blobName, long offset, byte[] bytes) {
        fill(seedOf(blobName), offset, bytes, 0, bytes.length);
    }

    /** {@code length} bytes of the synthetic blob of that name from {@code offset} on. */
    public static byte[] bytes(String blobName, long offset, int length) {
        byte[] bytes = new byte[length];
        fill(blobName, offset, bytes);
        return bytes;
    }

    static void fill(long seed, long offset, byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length) {
            int phase = phase(seed, offset + done);
            int run = Math.min(length - done, PERIOD_BYTES - phase);
            System.arraycopy(PATTERN, phase, bytes, from + done, run);
            done += run;
        }
    }

    /** A view of at most {@code limit} and at most {@value #SLICE_BYTES} bytes from {@code offset} on; nothing is copied. */
    static ByteBuffer slice(long seed, long offset, long limit) {
        return SERVED.slice(phase(seed, offset), (int) Math.min(limit, SLICE_BYTES));
    }

    private static int phase(long seed, long offset) {
        return (int) ((seed + offset % PERIOD_BYTES) % PERIOD_BYTES);
    }

    private static byte[] pattern() {
        byte[] pattern = new byte[PERIOD_BYTES];
        ByteBuffer words = ByteBuffer.wrap(pattern);
        long state = 0;
        while (words.remaining() >= Long.BYTES) {
            state += 0x9e3779b97f4a7c15L;
            words.putLong(mixed(state));
        }
        while (words.hasRemaining()) {
            words.put((byte) (mixed(state) >>> words.remaining()));
        }
        return pattern;
    }

    /** The pattern once whole, and as much again as the longest slice needs, so that every slice is in one piece. */
    private static ByteBuffer served() {
        ByteBuffer served = ByteBuffer.allocateDirect(PERIOD_BYTES + SLICE_BYTES);
        while (served.hasRemaining()) {
            served.put(PATTERN, 0, Math.min(PERIOD_BYTES, served.remaining()));
        }
        return served.flip().asReadOnlyBuffer();
    }

    /** The last step of SplitMix64: every bit of the input changes half of the output's. */
    private static long mixed(long word) {
        long a = (word ^ (word >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
