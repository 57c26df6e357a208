package io.forebay.blob;

import java.time.Duration;

/**
 * How many requests a store gets at once.
 *
 * @param firstParallel at the beginning
 * @param leastParallel however often it says that it is busy
 * @param mostParallel however well more of them pay
 * @param longestClosed the most that it is left alone for, whatever it asks for: then one request finds out
 */
record GateSettings(int firstParallel, int leastParallel, int mostParallel, Duration longestClosed) {
    /**
     * At 20 ms and 60 MB/s a connection, 24 are 1.4 GB/s, more than most machines write to a disk; on loopback they are
     * some more than the processors are good for, and harmless. At most as many as there are connections. At least 4, so
     * that a slow one does not stand in the way of all others.
     */
    static final GateSettings DEFAULT = new GateSettings(24, 4, 128, Duration.ofMinutes(1));

    GateSettings {
        if (leastParallel < 1 || firstParallel < leastParallel || mostParallel < firstParallel) {
            throw new IllegalArgumentException(
                    "not limits: " + leastParallel + ", " + firstParallel + ", " + mostParallel);
        }
        if (longestClosed.isNegative() || longestClosed.isZero()) {
            throw new IllegalArgumentException("not a pause: " + longestClosed);
        }
    }
}
