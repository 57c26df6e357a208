package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the files that a tree lends, and then reads and writes them without asking, as a kernel does by passthrough. The
 * first open of an inode decides for all that follow until the last is closed; one that does not fit is refused.
 */
final class LendingKernel {
    /** How an inode is open, and how often; the file is null where the tree is asked for every byte. */
    private record Use(@Nullable Path file, int opens) {}

    private record Opened(long inode, @Nullable Path file, OpenMode mode) {}

    private final BlobFileSystem fs;
    private final Clock clock;
    private final Map<Long, Use> uses = new HashMap<>();
    private final Map<Long, Opened> handles = new HashMap<>();

    LendingKernel(BlobFileSystem fs, Clock clock) {
        this.fs = fs;
        this.clock = clock;
    }

    long opened(long inode, long handle, OpenMode mode) throws ForebayException {
        Path offered = fs.backingFile(handle).orElse(null);
        Use before = uses.get(inode);
        if (before != null && before.file() != null && !before.file().equals(offered)) {
            fs.release(handle);
            throw new ForebayException.Changed("inode " + inode + " is open with other content");
        }
        Path file = before == null ? offered : before.file();
        uses.put(inode, new Use(file, before == null ? 1 : before.opens() + 1));
        handles.put(handle, new Opened(inode, file, mode));
        return handle;
    }

    int write(long handle, long offset, ByteBuffer source) throws ForebayException {
        Opened opened = handles.get(handle);
        if (opened == null || opened.file() == null) {
            return fs.write(handle, offset, source);
        }
        Path file = opened.file();
        OpenMode mode = opened.mode();
        requireAllowed(mode.write());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int written = channel.write(source, mode.append() ? channel.size() : offset);
            Files.setLastModifiedTime(file, FileTime.from(clock.nowNanos(), TimeUnit.NANOSECONDS));
            return written;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int read(long handle, long offset, ByteBuffer target) throws ForebayException {
        Opened opened = handles.get(handle);
        if (opened == null || opened.file() == null) {
            return fs.read(handle, offset, target);
        }
        requireAllowed(opened.mode().read());
        try (FileChannel channel = FileChannel.open(opened.file(), StandardOpenOption.READ)) {
            return Math.max(0, channel.read(target, offset));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void requireAllowed(boolean allowed) throws ForebayException {
        if (!allowed) {
            throw new ForebayException.BadHandle("not open for that");
        }
    }

    /** A kernel lets go before it tells anybody. */
    void closing(long handle) {
        Opened opened = handles.remove(handle);
        if (opened != null) {
            uses.computeIfPresent(
                    opened.inode(), (_, use) -> use.opens() == 1 ? null : new Use(use.file(), use.opens() - 1));
        }
    }
}
