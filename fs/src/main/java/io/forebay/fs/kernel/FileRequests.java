package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.fs.CreatedFile;
import io.forebay.fs.Errno;
import io.forebay.fs.FileCopyOperations;
import io.forebay.fs.FileRegions;
import io.forebay.fs.FileSpaceOperations;
import io.forebay.fs.FileSpaceOperations.Allocation;
import io.forebay.fs.FileSpaceOperations.SeekTarget;
import io.forebay.fs.FileSystemOperations;
import io.forebay.fs.OpenMode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves what is about open files. */
final class FileRequests {
    private static final Logger LOG = LoggerFactory.getLogger(FileRequests.class);

    private static final int FOPEN_DIRECT_IO = 1;
    private static final int FOPEN_KEEP_CACHE = 1 << 1;
    private static final int FOPEN_NOFLUSH = 1 << 5;
    static final int FOPEN_PASSTHROUGH = 1 << 7;

    /** A descriptor is gone a moment after its close was told. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Below this, copying costs less than the three more system calls of a pipe. */
    private static final int WORTH_A_PIPE_BYTES = 64 << 10;

    private final FileSystemOperations tree;
    private final FileRegions regions;
    private final FileSpaceOperations space;
    private final FileCopyOperations copies;
    private final AnswerPipes pipes;
    private final ReplyEncoder encoder;
    private final OpenFiles files;
    private final int servedFlags;
    private final Clock clock;

    /**
     * @param pipes through which bytes are answered that the tree can show in place
     * @param directIo whether files that the door serves bypass the page cache
     */
    FileRequests(
            FileSystemOperations tree,
            ReplyEncoder encoder,
            OpenFiles files,
            AnswerPipes pipes,
            boolean directIo,
            Clock clock) {
        this.tree = tree;
        this.regions = tree instanceof FileRegions shown ? shown : FileRegions.NONE;
        this.space = tree instanceof FileSpaceOperations known ? known : FileSpaceOperations.NONE;
        this.copies = tree instanceof FileCopyOperations known ? known : FileCopyOperations.NONE;
        this.pipes = pipes;
        this.encoder = encoder;
        this.files = files;
        this.servedFlags = directIo ? FOPEN_DIRECT_IO : 0;
        this.clock = clock;
    }

    void open(Request.Open request, Exchange exchange) throws ForebayException {
        long handle = tree.open(request.inode(), request.mode());
        OpenFiles.Opened opened = noted(request.inode(), handle, request.mode());
        encodeOpened(exchange.emptyBody(Wire.OpenOut.SIZE), handle, request.mode(), opened);
        if (!exchange.answer(Wire.OpenOut.SIZE)) {
            close(handle);
        }
    }

    void create(Request.Create request, Exchange exchange) throws ForebayException {
        CreatedFile created =
                tree.create(request.parent(), request.name(), request.permissions(), request.mode(), request.caller());
        long inode = created.attributes().inode();
        OpenFiles.Opened opened;
        try {
            opened = noted(inode, created.handle(), request.mode());
        } catch (ForebayException | RuntimeException failure) {
            tree.forget(inode, 1);
            throw failure;
        }
        MemorySegment body = exchange.emptyBody(Wire.EntryOut.SIZE + Wire.OpenOut.SIZE);
        encoder.entry(body, created.attributes());
        encodeOpened(body.asSlice(Wire.EntryOut.SIZE), created.handle(), request.mode(), opened);
        if (!exchange.answer(Wire.EntryOut.SIZE + Wire.OpenOut.SIZE)) {
            close(created.handle());
            tree.forget(inode, 1);
        }
    }

    /** Notes a new handle; releases it if that cannot be. */
    private OpenFiles.Opened noted(long inode, long handle, OpenMode mode) throws ForebayException {
        try {
            return files.open(inode, handle, mode);
        } catch (ForebayException | RuntimeException failure) {
            tree.release(handle);
            throw failure;
        }
    }

    private void encodeOpened(MemorySegment target, long handle, OpenMode mode, OpenFiles.Opened opened) {
        // What was not written needs no flush at close, and so no round trip.
        int flags = mode.write() ? 0 : FOPEN_NOFLUSH;
        if (opened.backed()) {
            flags |= FOPEN_PASSTHROUGH;
        } else {
            flags |= servedFlags | (files.keepsPages(handle) ? FOPEN_KEEP_CACHE : 0);
        }
        ReplyEncoder.opened(target, handle, flags, opened.backingId());
    }

    void read(Request.Read request, Exchange exchange) throws ForebayException {
        int room = Math.min(request.lengthBytes(), exchange.maxAnswerBytes());
        if (room >= WORTH_A_PIPE_BYTES
                && room <= AnswerPipe.MAX_DATA_BYTES
                && answeredInPlace(request, room, exchange)) {
            return;
        }
        ByteBuffer target = exchange.body(room).asByteBuffer();
        int length = tree.read(request.handle(), request.offset(), target);
        exchange.answer(length);
    }

    /** Answers with the pages of the file itself; false if nothing is answered, because they are not all there. */
    private boolean answeredInPlace(Request.Read request, int room, Exchange exchange) throws ForebayException {
        @Nullable AnswerPipe pipe = pipes.take().orElse(null);
        if (pipe == null) {
            return false;
        }
        try {
            return regions.readInPlace(
                    request.handle(), request.offset(), room, region -> exchange.answer(region, pipe));
        } catch (ForebayException failure) {
            // Nothing is answered yet. A copy may go well where this did not, and else says better what is wrong.
            LOG.debug("bytes are copied reason={}", failure.getMessage());
            return false;
        } finally {
            pipes.giveBack(pipe);
        }
    }

    void write(Request.Write request, Exchange exchange) throws ForebayException {
        int written = tree.write(
                request.handle(),
                request.offset(),
                request.data().asByteBuffer().asReadOnlyBuffer());
        ReplyEncoder.written(exchange.emptyBody(Wire.WriteOut.SIZE), written);
        exchange.answer(Wire.WriteOut.SIZE);
    }

    void copyFileRange(Request.CopyFileRange request, Exchange exchange) throws ForebayException {
        OptionalInt copied = copies.copyRange(
                request.from(), request.fromOffset(), request.to(), request.toOffset(), request.lengthBytes());
        if (copied.isEmpty()) {
            exchange.refuse(Errno.EOPNOTSUPP); // the kernel reads and writes then, and asks again next time
            return;
        }
        ReplyEncoder.written(exchange.emptyBody(Wire.WriteOut.SIZE), copied.getAsInt());
        exchange.answer(Wire.WriteOut.SIZE);
    }

    void fallocate(Request.Fallocate request, Exchange exchange) throws ForebayException {
        @Nullable Allocation allocation = allocation(request.mode());
        if (allocation == null) {
            exchange.refuse(Errno.EOPNOTSUPP);
            return;
        }
        space.allocate(request.handle(), allocation, request.offset(), request.lengthBytes());
        exchange.done();
    }

    private static @Nullable Allocation allocation(int mode) {
        return switch (mode) {
            case 0 -> Allocation.EXTEND;
            case SpaceCalls.FALLOC_FL_KEEP_SIZE -> Allocation.RESERVE;
            case SpaceCalls.FALLOC_FL_PUNCH_HOLE | SpaceCalls.FALLOC_FL_KEEP_SIZE -> Allocation.PUNCH;
            case SpaceCalls.FALLOC_FL_ZERO_RANGE -> Allocation.ZERO;
            case SpaceCalls.FALLOC_FL_ZERO_RANGE | SpaceCalls.FALLOC_FL_KEEP_SIZE -> Allocation.ZERO_WITHIN;
            default -> null;
        };
    }

    /** The kernel asks for data and holes only; the other places it knows itself. */
    void lseek(Request.Lseek request, Exchange exchange) throws ForebayException {
        OptionalLong found =
                switch (request.whence()) {
                    case SpaceCalls.SEEK_DATA -> space.seek(request.handle(), SeekTarget.DATA, request.offset());
                    case SpaceCalls.SEEK_HOLE -> space.seek(request.handle(), SeekTarget.HOLE, request.offset());
                    default -> throw new ForebayException.InvalidArgument("no place to seek to: " + request.whence());
                };
        if (found.isEmpty()) {
            exchange.refuse(Errno.ENXIO);
            return;
        }
        exchange.emptyBody(Wire.LseekOut.SIZE).set(JAVA_LONG_UNALIGNED, Wire.LseekOut.OFFSET, found.getAsLong());
        exchange.answer(Wire.LseekOut.SIZE);
    }

    void flush(Request.Flush request, Exchange exchange) throws ForebayException {
        tree.flush(request.handle());
        exchange.done();
    }

    void fsync(Request.Fsync request, Exchange exchange) throws ForebayException {
        tree.fsync(request.handle());
        exchange.done();
    }

    void release(Request.Release request, Exchange exchange) {
        long handle = request.handle();
        if (files.isStillMapped(handle)) {
            Thread.startVirtualThread(() -> closeWhenUnmapped(handle));
        } else {
            close(handle);
        }
        exchange.done();
    }

    /** The tree keeps the file, and takes what comes through the mapping for its own, until the last mapping is gone. */
    private void closeWhenUnmapped(long handle) {
        Duration pause = FIRST_PAUSE;
        try {
            while (files.isStillMapped(handle)) {
                clock.sleep(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        close(handle);
    }

    private void close(long handle) {
        if (files.close(handle)) {
            tree.release(handle);
        }
    }

    /** Releases what the kernel can no longer release, because the mount is gone. */
    void releaseAll() {
        files.handles().forEach(this::close);
    }
}
