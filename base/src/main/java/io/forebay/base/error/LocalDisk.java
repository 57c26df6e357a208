package io.forebay.base.error;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/** The one translator from failures of the local disk to {@link ForebayException}. */
public final class LocalDisk {
    private LocalDisk() {}

    /**
     * Says what an I/O failure on a local file means to the caller.
     *
     * @param what what was being done, as the start of a sentence: {@code "cannot write the cached content"}
     * @param where the file or folder
     * @return {@code failure} itself if it already is a {@link ForebayException}
     */
    public static ForebayException failed(String what, Path where, IOException failure) {
        if (failure instanceof ForebayException already) {
            return already;
        }
        String sentence = what + " at " + where + ": " + reason(failure);
        if (failure instanceof ClosedByInterruptException) {
            return new ForebayException.Interrupted(sentence, failure);
        }
        String text = reason(failure).toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("disk quota exceeded")) {
            return new ForebayException.NoSpace(sentence, failure);
        }
        if (text.contains("file too large")) {
            return new ForebayException.TooLarge(sentence, failure);
        }
        return new ForebayException.Unexpected(sentence, failure);
    }

    /** The operating system's own words for an I/O failure, without the path that Java puts in front of them. */
    public static String reason(IOException failure) {
        if (failure instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        String name = failure.getClass().getSimpleName();
        return switch (failure) {
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case java.nio.file.NoSuchFileException _ -> "no such file or directory";
            case java.nio.file.FileAlreadyExistsException _ -> "a file of that name exists";
            case java.nio.file.NotDirectoryException _ -> "not a directory";
            default -> failure.getMessage() == null ? name : failure.getMessage();
        };
    }
}
