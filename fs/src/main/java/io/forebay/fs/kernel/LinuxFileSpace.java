package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.FileSpace;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The room of local files as Linux manages it. Each call opens the file anew, and holds nothing. */
public final class LinuxFileSpace implements FileSpace {
    private static final int ENXIO = 6;
    private static final int EFBIG = 27;
    private static final int ENOSPC = 28;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;

    @Override
    public void reserve(Path file, long offset, long lengthBytes) throws ForebayException {
        long outcome = on(
                file,
                Posix.O_RDWR,
                fd -> SpaceCalls.fallocate(fd, SpaceCalls.FALLOC_FL_KEEP_SIZE, offset, lengthBytes));
        if (outcome != 0 && !isUnsupported(outcome)) {
            throw failed("cannot make room in", file, outcome);
        }
    }

    @Override
    public boolean punch(Path file, long offset, long lengthBytes) throws ForebayException {
        int mode = SpaceCalls.FALLOC_FL_PUNCH_HOLE | SpaceCalls.FALLOC_FL_KEEP_SIZE;
        long outcome = on(file, Posix.O_RDWR, fd -> SpaceCalls.fallocate(fd, mode, offset, lengthBytes));
        if (outcome != 0 && !isUnsupported(outcome)) {
            throw failed("cannot make a hole in", file, outcome);
        }
        return outcome == 0;
    }

    @Override
    public OptionalLong nextData(Path file, long offset) throws ForebayException {
        long found = on(file, Posix.O_RDONLY, fd -> SpaceCalls.lseek(fd, offset, SpaceCalls.SEEK_DATA));
        if (found == -ENXIO) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(checked("cannot look for data in", file, found));
    }

    @Override
    public long nextHole(Path file, long offset) throws ForebayException {
        long found = on(file, Posix.O_RDONLY, fd -> SpaceCalls.lseek(fd, offset, SpaceCalls.SEEK_HOLE));
        return found == -ENXIO ? offset : checked("cannot look for a hole in", file, found);
    }

    private static long checked(String what, Path file, long outcome) throws ForebayException {
        if (outcome < 0) {
            throw failed(what, file, outcome);
        }
        return outcome;
    }

    private static boolean isUnsupported(long outcome) {
        return outcome == -EOPNOTSUPP || outcome == -ENOSYS;
    }

    private static long on(Path file, int flags, Call call) throws ForebayException {
        int fd = Posix.open(file.toString(), flags | Posix.O_CLOEXEC);
        if (fd < 0) {
            throw failed("cannot open", file, fd);
        }
        try {
            return call.on(fd);
        } finally {
            Posix.close(fd);
        }
    }

    private static ForebayException failed(String what, Path file, long outcome) {
        String sentence = what + " " + file + ": errno " + -outcome;
        return switch ((int) -outcome) {
            case ENOSPC, EDQUOT -> new ForebayException.NoSpace(sentence);
            case EFBIG -> new ForebayException.TooLarge(sentence);
            default -> new ForebayException.Unexpected(sentence, null);
        };
    }

    /** A system call on an open file. */
    @FunctionalInterface
    private interface Call {
        /** @return what it returned, or the negative errno */
        long on(int fd);
    }
}
