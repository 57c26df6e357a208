package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One open of a content. It uses the shared content until its first change, and one of its own from then on: the same
 * one if nobody else has it, else a copy that takes its pages from the shared one as they are needed.
 */
final class ContentHandle implements CachedContent {
    private final SparseFileCache cache;
    /** Replaced only with this object's lock held. */
    private volatile SparseContent content;

    private volatile boolean closed;

    /** Takes over one reference to {@code content}. */
    ContentHandle(SparseFileCache cache, SparseContent content) {
        this.cache = cache;
        this.content = content;
    }

    @Override
    public long sizeBytes() {
        return content.sizeBytes();
    }

    @Override
    public Optional<BlobVersion> version() {
        return content.version();
    }

    @Override
    public Optional<BlobVersion> unchangedVersion() {
        return content.unchangedVersion();
    }

    @Override
    public boolean isDirty() {
        return content.isDirty();
    }

    @Override
    public boolean isPresent(long offset, int length) {
        return content.isPresent(offset, length);
    }

    @Override
    public int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        return onCurrent(current -> {
            try {
                return Optional.of(current.read(offset, target, deadline));
            } catch (ForebayException.NoSpace full) {
                return Optional.of(cache.readThrough(current, offset, target, deadline));
            }
        });
    }

    @Override
    public boolean readInPlace(long offset, int lengthBytes, FileRegion.Reader reader) throws ForebayException {
        return onCurrent(current -> Optional.of(current.readInPlace(offset, lengthBytes, reader)));
    }

    @Override
    public void write(long offset, ByteBuffer source, Deadline deadline) throws ForebayException {
        int start = source.position();
        boolean written = false;
        while (!written) {
            try {
                writeRest(offset - start, source, deadline);
                written = true;
            } catch (ForebayException.NoSpace full) {
                if (!cache.relieve(content)) {
                    throw full;
                }
            }
        }
    }

    @Override
    public void writeCopied(long offset, ByteBuffer bytes, BlobVersion source, long sourceOffset, Deadline deadline)
            throws ForebayException {
        if (offset % PageMap.PAGE_BYTES == 0) {
            CopiedRange range = CopiedRange.of(offset, bytes, source, sourceOffset);
            onCurrent(current -> done(current.upload().noteCopied(range)));
        }
        write(offset, bytes, deadline);
    }

    private void writeRest(long offsetOfStart, ByteBuffer source, Deadline deadline) throws ForebayException {
        onCurrent(current -> done(current.write(offsetOfStart + source.position(), source, deadline)));
    }

    @Override
    public void resize(long sizeBytes, Deadline deadline) throws ForebayException {
        onCurrent(current -> done(current.resize(sizeBytes, deadline)));
    }

    @Override
    public void allocate(long offset, long lengthBytes, boolean grow, FileSpace space, Deadline deadline)
            throws ForebayException {
        onCurrent(current -> done(current.space(space).allocate(offset, lengthBytes, grow, deadline)));
    }

    @Override
    public void zero(long offset, long lengthBytes, boolean grow, FileSpace space, Deadline deadline)
            throws ForebayException {
        onCurrent(current -> done(current.space(space).zero(offset, lengthBytes, grow, deadline)));
    }

    @Override
    public OptionalLong nextData(long offset, FileSpace space) throws ForebayException {
        return onCurrent(current -> Optional.of(current.space(space).nextData(offset)));
    }

    @Override
    public long nextHole(long offset, FileSpace space) throws ForebayException {
        return onCurrent(current -> Optional.of(current.space(space).nextHole(offset)));
    }

    @Override
    public BlobVersion commit(Upload upload, Deadline fetchDeadline) throws ForebayException {
        return onCurrent(
                current -> current.upload().commit(upload, fetchDeadline, version -> cache.register(version, current)));
    }

    @Override
    public boolean sendAhead(UploadAhead upload) throws ForebayException {
        return onCurrent(current -> Optional.of(current.upload().sendAhead(upload)));
    }

    @Override
    public boolean isCheaperSent() {
        return content.upload().isCheaperSent();
    }

    @Override
    public boolean keep(PendingFile what, boolean durable, Deadline fetchDeadline) throws ForebayException {
        return onCurrent(current -> Optional.of(current.keep(what, durable, fetchDeadline)));
    }

    @Override
    public void letGo() throws ForebayException {
        content.letGo();
    }

    @Override
    public Optional<Path> lend(Loan loan) throws ForebayException {
        if (loan.writes()
                && !content.borrowing().isLent()
                && (content.upload().isBetterEdited() || !cache.mayLendForWriting(content))) {
            return Optional.empty();
        }
        return onCurrent(current -> current.borrowing().lend(loan));
    }

    @Override
    public boolean isLentForWriting() {
        return content.borrowing().writingLoan() != null;
    }

    @Override
    public void endLoans() throws ForebayException {
        onCurrent(current -> {
            current.borrowing().end();
            return done(true);
        });
    }

    @Override
    public OptionalLong observe() throws ForebayException {
        try {
            return onCurrent(current -> Optional.of(current.borrowing().observe()));
        } catch (ForebayException.BadHandle freed) {
            if (closed) {
                return OptionalLong.empty(); // whoever closed it has looked before
            }
            throw freed;
        }
    }

    @Override
    public void fill(Deadline deadline) throws ForebayException {
        onCurrent(current -> {
            current.fill(deadline);
            return done(true);
        });
    }

    @Override
    public synchronized void rebase(BlobVersion version) {
        cache.rebase(content, version);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            cache.release(content, VersionTable.Stake.USE);
        }
    }

    /** Runs {@code operation} on the content of this handle, and again on the next one when that is replaced. */
    private <T> T onCurrent(Operation<T> operation) throws ForebayException {
        SparseContent current = open();
        while (true) {
            try {
                Optional<T> result = operation.on(current);
                if (result.isPresent()) {
                    return result.get();
                }
                current = detach(current);
            } catch (ForebayException.BadHandle freed) {
                SparseContent now = open();
                if (now == current) {
                    throw freed;
                }
                current = now;
            } catch (ForebayException failure) {
                current = replace(current, failure);
            }
        }
    }

    /** What to use instead of content whose disk failed. Fails as before if it is not that, or if changes are lost. */
    private synchronized SparseContent replace(SparseContent lost, ForebayException failure) throws ForebayException {
        if (!lost.isLost() || (open() == lost && lost.mayHaveChanges())) {
            throw failure;
        }
        if (content == lost) {
            content = cache.replace(lost);
        }
        return content;
    }

    private SparseContent open() throws ForebayException {
        if (closed) {
            throw new ForebayException.BadHandle("the content is closed");
        }
        return content;
    }

    /** What to change instead of {@code shared}. Another thread may have detached this handle already. */
    private synchronized SparseContent detach(SparseContent shared) throws ForebayException {
        if (open() == shared) {
            content = cache.detach(shared);
        }
        return content;
    }

    private static Optional<Boolean> done(boolean done) {
        return done ? Optional.of(true) : Optional.empty();
    }

    /** Something to do with a content; empty if it must be detached first. */
    @FunctionalInterface
    private interface Operation<T> {
        Optional<T> on(SparseContent content) throws ForebayException;
    }
}
