package io.forebay.nativetests.posix;

import java.io.IOException;

/** A system call that returned -1. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    ErrnoException(String call, String arguments, int number) {
        super(call + arguments + " failed with " + Errno.of(number) + " (" + number + ")");
        this.errno = Errno.of(number);
    }

    public Errno errno() {
        return errno;
    }
}
