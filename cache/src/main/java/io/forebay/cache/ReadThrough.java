package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is missing straight into the reader's buffer, for when the disk has no room to keep it: slower, and right.
 */
final class ReadThrough {
    private final ContentState state;
    private final SparseFile file;
    private final BlockSource source;

    ReadThrough(ContentState state, SparseFile file, BlockSource source) {
        this.state = state;
        this.file = file;
        this.source = source;
    }

    /** As {@link CachedContent#read}, but that nothing of it is kept. */
    int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        int start = target.position();
        int limit = target.limit();
        try {
            long at = offset;
            while (target.hasRemaining()) {
                int count = readRun(at, target, deadline);
                if (count == 0) {
                    break;
                }
                at += count;
            }
            return target.position() - start;
        } catch (ForebayException failure) {
            target.position(start);
            throw failure;
        } finally {
            target.limit(limit);
        }
    }

    /** A run of bytes that are all here, or all missing. */
    private record Run(int lengthBytes, @Nullable BlobVersion missingOf) {}

    private int readRun(long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        Run run;
        state.bytes.readLock().lock();
        try {
            run = runAt(offset, target.remaining());
            if (run.missingOf == null) {
                file.read(offset, target.slice(target.position(), run.lengthBytes));
                target.position(target.position() + run.lengthBytes);
            }
        } finally {
            state.bytes.readLock().unlock();
        }
        if (run.missingOf != null) {
            fetch(run.missingOf, offset, target, run.lengthBytes, deadline);
        }
        return run.lengthBytes;
    }

    private Run runAt(long offset, int most) throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            long end = Math.min(offset + most, state.sizeBytes);
            if (offset >= end) {
                return new Run(0, null);
            }
            long page = PageMap.pageOf(offset);
            long endPage = PageMap.pagesUpTo(end);
            boolean here = state.pages.isPresent(page);
            long until = here ? state.pages.firstMissing(page, endPage) : state.pages.firstPresent(page, endPage);
            long runEnd = Math.min(end, until * PageMap.PAGE_BYTES);
            if (!here) {
                runEnd = Math.min(runEnd, state.pages.originBytes());
            }
            return new Run((int) (runEnd - offset), here ? null : state.version);
        } finally {
            state.lock.unlock();
        }
    }

    private void fetch(BlobVersion version, long offset, ByteBuffer target, int lengthBytes, Deadline deadline)
            throws ForebayException {
        int end = target.position() + lengthBytes;
        source.read(
                version,
                new ByteRange(offset, lengthBytes),
                bytes -> {
                    if (bytes.remaining() > end - target.position()) {
                        throw new ForebayException.Corrupt(
                                "more bytes arrived of " + version.name() + " than were asked for");
                    }
                    target.put(bytes);
                },
                deadline);
        if (target.position() != end) {
            throw new ForebayException.Corrupt("the bytes of " + version.name() + " ended too soon");
        }
    }
}
