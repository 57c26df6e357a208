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
    public boolean isDirty() {
        return content.isDirty();
    }

    @Override
    public boolean isPresent(long offset, int length) {
        return content.isPresent(offset, length);
    }

    @Override
    public int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException {
        return onCurrent(current -> Optional.of(current.read(offset, target, deadline)));
    }

    @Override
    public boolean readInPlace(long offset, int lengthBytes, FileRegion.Reader reader) throws ForebayException {
        return onCurrent(current -> Optional.of(current.readInPlace(offset, lengthBytes, reader)));
    }

    @Override
    public void write(long offset, ByteBuffer source, Deadline deadline) throws ForebayException {
        int start = source.position();
        onCurrent(current -> done(current.write(offset + (source.position() - start), source, deadline)));
    }

    @Override
    public void resize(long sizeBytes, Deadline deadline) throws ForebayException {
        onCurrent(current -> done(current.resize(sizeBytes, deadline)));
    }

    @Override
    public BlobVersion commit(Upload upload, Deadline fetchDeadline) throws ForebayException {
        return onCurrent(current -> current.commit(upload, fetchDeadline, version -> cache.register(version, current)));
    }

    @Override
    public Optional<Path> lend(Loan loan) throws ForebayException {
        if (loan.writes() && !cache.mayLendForWriting()) {
            return Optional.empty();
        }
        return onCurrent(current -> current.borrowing().lend(loan));
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
            cache.release(content);
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
            }
        }
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
