package io.forebay.base.error;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure, named by what the caller can do about it.
 *
 * <p>The family is sealed so that the translation to errno is an exhaustive switch: a new kind does not compile until
 * somebody has decided what applications see. Messages are one sentence for a person: what failed, on what, and, where
 * there is something to do, what to do. They never contain a key, a SAS token or a request signature.
 *
 * <p>It extends {@link IOException} so that it passes through channels and streams unchanged.
 */
public abstract sealed class ForebayException extends IOException {
    private static final long serialVersionUID = 1L;

    private ForebayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The message; unlike other throwables, a failure always has one. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** There is nothing of that name. Create it, or report {@code ENOENT}. */
    public static final class NotFound extends ForebayException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message, null);
        }

        public NotFound(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The name is taken. Use what is there, or report {@code EEXIST}. */
    public static final class AlreadyExists extends ForebayException {
        private static final long serialVersionUID = 1L;

        public AlreadyExists(String message) {
            super(message, null);
        }

        public AlreadyExists(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The blob is no longer the version that the caller knew. Look again; never mix the two. */
    public static final class Changed extends ForebayException {
        private static final long serialVersionUID = 1L;

        public Changed(String message) {
            super(message, null);
        }

        public Changed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The store knows who we are, or does not, and says no. Retrying does not help; credentials or roles do. */
    public static final class Denied extends ForebayException {
        private static final long serialVersionUID = 1L;

        public Denied(String message) {
            super(message, null);
        }

        public Denied(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The store did not answer, answered that it is busy, or broke off. The same call may succeed later; within the
     * {@code blob} module it has already been repeated until its deadline.
     */
    public static final class Unavailable extends ForebayException {
        private static final long serialVersionUID = 1L;

        private final @Nullable Duration retryAfter;
        private final boolean throttling;

        public Unavailable(String message) {
            this(message, null, null);
        }

        public Unavailable(String message, @Nullable Throwable cause) {
            this(message, null, cause);
        }

        /** With the pause that the store asked for, or null if it named none. */
        public Unavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
            this(message, retryAfter, false, cause);
        }

        private Unavailable(
                String message, @Nullable Duration retryAfter, boolean throttling, @Nullable Throwable cause) {
            super(message, cause);
            this.retryAfter = retryAfter;
            this.throttling = throttling;
        }

        /** That of a store which is asked more than it can bear, or wants to. */
        public static Unavailable throttling(String message, @Nullable Duration retryAfter) {
            return new Unavailable(message, retryAfter, true, null);
        }

        /** Whether the store works and has too much to do, so that every other call would meet the same. */
        public boolean isThrottling() {
            return throttling;
        }

        /** How long the store asked to be left alone, if it did. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    /** Bytes are not what they must be: a short body, a wrong checksum, a damaged record. Never serve them. */
    public static final class Corrupt extends ForebayException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message) {
            super(message, null);
        }

        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A path component that must be a directory is not one. */
    public static final class NotADirectory extends ForebayException {
        private static final long serialVersionUID = 1L;

        public NotADirectory(String message) {
            super(message, null);
        }
    }

    /** A directory stands where a file is needed. */
    public static final class IsADirectory extends ForebayException {
        private static final long serialVersionUID = 1L;

        public IsADirectory(String message) {
            super(message, null);
        }
    }

    /** The directory still has entries. */
    public static final class NotEmpty extends ForebayException {
        private static final long serialVersionUID = 1L;

        public NotEmpty(String message) {
            super(message, null);
        }
    }

    /** The name is longer than the store or the kernel can keep. */
    public static final class NameTooLong extends ForebayException {
        private static final long serialVersionUID = 1L;

        public NameTooLong(String message) {
            super(message, null);
        }
    }

    /** The request itself makes no sense: a negative offset, a directory moved into itself, a name that cannot be. */
    public static final class InvalidArgument extends ForebayException {
        private static final long serialVersionUID = 1L;

        public InvalidArgument(String message) {
            super(message, null);
        }

        public InvalidArgument(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The mount is read-only. */
    public static final class ReadOnly extends ForebayException {
        private static final long serialVersionUID = 1L;

        public ReadOnly(String message) {
            super(message, null);
        }
    }

    /** The local disk or the account is full. Free space, then repeat. */
    public static final class NoSpace extends ForebayException {
        private static final long serialVersionUID = 1L;

        public NoSpace(String message) {
            super(message, null);
        }

        public NoSpace(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The file would become larger than a blob can be. */
    public static final class TooLarge extends ForebayException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message, null);
        }

        public TooLarge(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Forebay, the store or this kind of account cannot do that, now or later. */
    public static final class Unsupported extends ForebayException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String message) {
            super(message, null);
        }

        public Unsupported(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The handle is closed, was never opened, or was not opened for this. */
    public static final class BadHandle extends ForebayException {
        private static final long serialVersionUID = 1L;

        public BadHandle(String message) {
            super(message, null);
        }
    }

    /** The waiting thread was interrupted. Nothing is known about the effect of the call. */
    public static final class Interrupted extends ForebayException {
        private static final long serialVersionUID = 1L;

        public Interrupted(String message) {
            super(message, null);
        }

        public Interrupted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Nobody foresaw this. It is logged with its stack and counted in {@code unexpected_errors}, which tests hold at 0. */
    public static final class Unexpected extends ForebayException {
        private static final long serialVersionUID = 1L;

        public Unexpected(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
