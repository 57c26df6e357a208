package io.forebay.fs.kernel;

/** System calls about the room that a file takes, in the manner of {@link Posix}; a mount may never need them. */
final class SpaceCalls {
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int FALLOC_FL_ZERO_RANGE = 16;

    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    private static final NativeFunction FALLOCATE = NativeFunction.answeringInt("fallocate");
    private static final NativeFunction LSEEK = NativeFunction.answeringLong("lseek");

    private SpaceCalls() {}

    static int fallocate(int fd, int mode, long offset, long lengthBytes) {
        return (int) FALLOCATE.call(fd, mode, offset, lengthBytes);
    }

    static long lseek(int fd, long offset, int whence) {
        return LSEEK.call(fd, offset, whence);
    }
}
