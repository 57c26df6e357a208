package io.forebay.fs.kernel;

import java.time.Duration;

/**
 * How the kernel door works, beside what every door is told.
 *
 * @param passthrough whether the kernel may read and write complete files itself
 * @param directIo whether other files bypass the page cache
 * @param fixedTimeouts whether the kernel keeps what it was told for the times that every door is told, and not for as
 *     long as the tree believes it
 * @param trace whether every request is logged
 * @param readers threads that read requests
 * @param maxRequestsUnderWay how many requests may wait for an answer within the door
 * @param maxBackground how many reads ahead and releases the kernel may have under way
 * @param maxTransferBytes the most that one READ or WRITE moves
 * @param readAheadBytes how far the kernel reads ahead of a sequential reader, where we may tell it
 * @param drainLimit how long requests under way are waited for once the mount is gone
 */
public record KernelSettings(
        boolean passthrough,
        boolean directIo,
        boolean fixedTimeouts,
        boolean trace,
        int readers,
        int maxRequestsUnderWay,
        int maxBackground,
        int maxTransferBytes,
        int readAheadBytes,
        Duration drainLimit) {
    /** The most that the kernel takes without its administrator's leave: 256 pages of 4 KiB. */
    static final int MAX_TRANSFER_BYTES = 1 << 20;

    private static final int MIN_TRANSFER_BYTES = 64 << 10;

    public KernelSettings {
        if (readers < 1 || maxRequestsUnderWay <= readers || maxBackground < 1 || maxBackground > 0xFFFF) {
            throw new IllegalArgumentException("there must be readers, and more requests under way than readers");
        }
        if (maxTransferBytes < MIN_TRANSFER_BYTES || maxTransferBytes > MAX_TRANSFER_BYTES) {
            throw new IllegalArgumentException("a transfer is 64 KiB to 1 MiB");
        }
        if (readAheadBytes < 0 || drainLimit.isNegative()) {
            throw new IllegalArgumentException("limits are zero or more");
        }
    }

    /**
     * What measurements favour. The requests under way bound the memory for data in transit: 64 of at most 1 MiB.
     *
     * @param processors of this machine
     */
    public static KernelSettings defaults(int processors) {
        return new KernelSettings(
                true,
                false,
                false,
                false,
                Math.clamp(processors, 2, 4),
                64,
                48,
                MAX_TRANSFER_BYTES,
                MAX_TRANSFER_BYTES,
                Duration.ofSeconds(30));
    }

    /** The most that one READ moves. Longer reads become several requests, which are answered side by side. */
    int maxReadBytes() {
        return Math.min(maxTransferBytes, AnswerPipe.MAX_DATA_BYTES);
    }

    public KernelSettings withPassthrough(boolean wanted) {
        return new KernelSettings(
                wanted,
                directIo,
                fixedTimeouts,
                trace,
                readers,
                maxRequestsUnderWay,
                maxBackground,
                maxTransferBytes,
                readAheadBytes,
                drainLimit);
    }

    public KernelSettings withDirectIo(boolean wanted) {
        return new KernelSettings(
                passthrough,
                wanted,
                fixedTimeouts,
                trace,
                readers,
                maxRequestsUnderWay,
                maxBackground,
                maxTransferBytes,
                readAheadBytes,
                drainLimit);
    }

    public KernelSettings withFixedTimeouts(boolean wanted) {
        return new KernelSettings(
                passthrough,
                directIo,
                wanted,
                trace,
                readers,
                maxRequestsUnderWay,
                maxBackground,
                maxTransferBytes,
                readAheadBytes,
                drainLimit);
    }

    public KernelSettings withTrace(boolean wanted) {
        return new KernelSettings(
                passthrough,
                directIo,
                fixedTimeouts,
                wanted,
                readers,
                maxRequestsUnderWay,
                maxBackground,
                maxTransferBytes,
                readAheadBytes,
                drainLimit);
    }
}
