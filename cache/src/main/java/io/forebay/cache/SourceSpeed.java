package io.forebay.cache;

/**
 * How fast the source has been lately: how long until the first byte of a fetch, and how much a second from then on.
 * An average in which each fetch counts an eighth. Safe for use by many threads.
 */
final class SourceSpeed {
    /** Guesses to begin with: a store in the same region, and what Azure gives one connection. */
    private static final double FIRST_GUESS_NANOS = 20e6;

    private static final double FIRST_GUESS_BYTES_PER_NANO = 0.06;
    private static final double WEIGHT = 1.0 / 8;
    /** Shorter ones say nothing of the rate: all of them may have been in the socket when the first byte was read. */
    private static final long TELLING_BYTES = 256 << 10;

    /** Guarded by this, like what follows. */
    private double firstByteNanos = FIRST_GUESS_NANOS;

    private double bytesPerNano = FIRST_GUESS_BYTES_PER_NANO;

    /**
     * Takes note of a fetch that succeeded.
     *
     * @param waitNanos until its first bytes came
     * @param restNanos from then until its last
     */
    synchronized void note(long waitNanos, long restNanos, long lengthBytes) {
        firstByteNanos += WEIGHT * (waitNanos - firstByteNanos);
        if (lengthBytes >= TELLING_BYTES) {
            bytesPerNano += WEIGHT * ((double) lengthBytes / Math.max(1, restNanos) - bytesPerNano);
        }
    }

    /** How long {@code bytes} take over {@code connections}, in nanoseconds, as far as one can tell. */
    synchronized double nanosFor(long bytes, int connections) {
        return firstByteNanos + (double) bytes / (bytesPerNano * Math.max(1, connections));
    }

    /** What one connection brings in the time that another needs for its first byte: less is not worth a second one. */
    synchronized long bytesWhileWaiting() {
        return (long) (firstByteNanos * bytesPerNano);
    }
}
