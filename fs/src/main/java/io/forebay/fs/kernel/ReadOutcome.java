package io.forebay.fs.kernel;

/** What reading from the device came to, where it did not bring a request. */
enum ReadOutcome {
    /** Nothing was lost: read again. */
    AGAIN,
    /** The connection has ended: the mount is gone, or somebody cut it and left it dead. */
    ENDED,
    /** The kernel refuses to talk, for a reason that cannot be. */
    BROKEN;

    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int ENODEV = 19;

    /** @param returned the negative errno of the read */
    static ReadOutcome of(long returned) {
        return switch ((int) -returned) {
            case EINTR, EAGAIN, ENOENT -> AGAIN;
            case ENODEV -> ENDED;
            default -> BROKEN;
        };
    }
}
