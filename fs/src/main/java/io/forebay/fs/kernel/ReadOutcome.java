package io.forebay.fs.kernel;

/** What reading from the device came to, where it did not bring a request. */
enum ReadOutcome {
    /** Nothing was lost: read again. */
    AGAIN,
    /** The mount is gone. */
    UNMOUNTED,
    /** Somebody ended the connection; the dead mount is still in the tree. */
    ABORTED,
    /** The kernel refuses to talk, for a reason that cannot be. */
    BROKEN;

    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int ENODEV = 19;
    private static final int ECONNABORTED = 103;

    /** @param returned the negative errno of the read */
    static ReadOutcome of(long returned) {
        return switch ((int) -returned) {
            case EINTR, EAGAIN, ENOENT -> AGAIN;
            case ENODEV -> UNMOUNTED;
            case ECONNABORTED -> ABORTED;
            default -> BROKEN;
        };
    }
}
