package io.forebay.fs;

import io.forebay.base.error.ForebayException;

/**
 * The error numbers that applications see, and the one place that decides which failure becomes which of them.
 *
 * <p>The numbers are those of Linux on every architecture that the JDK runs on; they are part of the kernel's ABI.
 */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EEXIST(17),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    EFBIG(27),
    ENOSPC(28),
    EROFS(30),
    ERANGE(34),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ENOTEMPTY(39),
    ENODATA(61),
    EILSEQ(84),
    EOPNOTSUPP(95),
    ESTALE(116);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** The positive number, as {@code errno} holds it. */
    public int number() {
        return number;
    }

    /** What an application sees of a failure. There is no default, so that a new kind does not compile undecided. */
    public static Errno of(ForebayException failure) {
        return switch (failure) {
            case ForebayException.NotFound _ -> ENOENT;
            case ForebayException.AlreadyExists _ -> EEXIST;
            case ForebayException.Changed _ -> ESTALE;
            case ForebayException.Denied _ -> EACCES;
            case ForebayException.Unavailable _ -> EIO;
            case ForebayException.Corrupt _ -> EIO;
            case ForebayException.NotADirectory _ -> ENOTDIR;
            case ForebayException.IsADirectory _ -> EISDIR;
            case ForebayException.NotEmpty _ -> ENOTEMPTY;
            case ForebayException.NameTooLong _ -> ENAMETOOLONG;
            case ForebayException.InvalidArgument _ -> EINVAL;
            case ForebayException.ReadOnly _ -> EROFS;
            case ForebayException.NoSpace _ -> ENOSPC;
            case ForebayException.TooLarge _ -> EFBIG;
            case ForebayException.Unsupported _ -> EOPNOTSUPP;
            case ForebayException.BadHandle _ -> EBADF;
            case ForebayException.Interrupted _ -> EINTR;
            case ForebayException.Unexpected _ -> EIO;
        };
    }
}
