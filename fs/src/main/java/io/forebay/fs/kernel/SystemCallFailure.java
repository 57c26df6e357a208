package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;

/** Says what a system call that failed while mounting means, in words for a person. */
final class SystemCallFailure {
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;
    private static final int ENODEV = 19;
    private static final int ENOTDIR = 20;
    private static final int EINVAL = 22;
    private static final int ENOTCONN = 107;

    private SystemCallFailure() {}

    /**
     * @param what failed, as the start of a sentence
     * @param errno positive
     */
    static ForebayException of(String what, int errno) {
        String sentence = what + ": " + words(errno);
        return switch (errno) {
            case EPERM, EACCES -> new ForebayException.Denied(sentence);
            case ENOENT -> new ForebayException.NotFound(sentence);
            case ENOTDIR -> new ForebayException.NotADirectory(sentence);
            case ENODEV, ENXIO -> new ForebayException.Unsupported(sentence);
            case EINVAL -> new ForebayException.InvalidArgument(sentence);
            case ENOTCONN -> new ForebayException.Unavailable(sentence);
            default -> new ForebayException.Unexpected(sentence, null);
        };
    }

    private static String words(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case EACCES -> "permission denied";
            case ENOENT -> "no such file or directory";
            case ENOTDIR -> "not a directory";
            case ENODEV, ENXIO -> "the kernel has no FUSE; load the module 'fuse'";
            case EINVAL -> "invalid argument";
            case EBUSY -> "device or resource busy";
            case ENOTCONN -> "a dead mount is there; unmount it first";
            default -> "errno " + errno;
        };
    }
}
