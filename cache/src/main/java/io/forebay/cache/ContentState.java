package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is true of one content now, and the two locks that guard it; the package essay gives their order.
 *
 * <p>{@code bytes} is about the file: shared by those who copy present pages out or missing pages in, exclusive for
 * those who change bytes. {@code lock} is about these fields, and is held only to look or to set.
 */
final class ContentState {
    final ReentrantReadWriteLock bytes = new ReentrantReadWriteLock();
    final ReentrantLock lock = new ReentrantLock();
    /** Signalled whenever a freeze ends, or the content is closed. */
    private final Condition changed = lock.newCondition();

    /** Guarded by {@code lock}, like all that follows. */
    final PageMap pages;

    @Nullable
    BlobVersion version;
    /** Changes need {@code bytes} exclusively too, so that whoever copies sees it hold still. */
    long sizeBytes;

    boolean dirty;
    /** Which pages are others than in {@link #version}. */
    final ChangedPages changedPages = new ChangedPages();
    /** Which bytes are those of other versions, as far as nobody changed them since. */
    final CopiedRanges copied = new CopiedRanges();
    /** How often it was noticed that a borrower had written. */
    long borrowersWrites;
    /** When borrowers last wrote, if nobody was told of it yet. */
    OptionalLong unreportedWriteNanos = OptionalLong.empty();

    /** What the file is lent for, and may be written by others than us; null while it is lent for no writing. */
    CachedContent.@Nullable Loan writingLoan;
    /** Whether somebody reads the file without asking: no page that is in there may go. */
    boolean lent;
    /** A commit is under way: nobody may change anything. */
    boolean frozen;
    /** Somebody else has it open, or can open it by its version: nobody may change anything before it is detached. */
    boolean shared;

    boolean closed;

    ContentState(@Nullable BlobVersion version) {
        this.version = version;
        this.sizeBytes = version == null ? 0 : version.lengthBytes();
        this.pages = new PageMap(sizeBytes);
        this.dirty = version == null;
    }

    /** How many bytes of the content are in the file. */
    long presentBytes() {
        lock.lock();
        try {
            return sizeBytes - pages.missingBytes();
        } finally {
            lock.unlock();
        }
    }

    boolean isDirty() {
        lock.lock();
        try {
            return dirty;
        } finally {
            lock.unlock();
        }
    }

    boolean mayHaveChanges() {
        lock.lock();
        try {
            return dirty || version == null || writingLoan != null;
        } finally {
            lock.unlock();
        }
    }

    boolean isShared() {
        lock.lock();
        try {
            return shared;
        } finally {
            lock.unlock();
        }
    }

    long sizeBytes() {
        lock.lock();
        try {
            return sizeBytes;
        } finally {
            lock.unlock();
        }
    }

    void setShared(boolean shared) {
        lock.lock();
        try {
            this.shared = shared;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what {@link #announce} tells of, until {@code holds}; the caller has {@code lock}. */
    void await(BooleanSupplier holds, String what, Deadline deadline) throws ForebayException {
        await(changed, holds, what, deadline);
    }

    /** Waits until {@code holds}, looking whenever {@code signal} comes; the caller has {@code lock}. */
    void await(Condition signal, BooleanSupplier holds, String what, Deadline deadline) throws ForebayException {
        while (!holds.getAsBoolean()) {
            checkOpen();
            if (deadline.passed()) {
                throw new ForebayException.Unavailable(what + " did not end in time");
            }
            try {
                signal.awaitNanos(TimeUnit.NANOSECONDS.convert(deadline.remaining()));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new ForebayException.Interrupted(what + " was still under way", interrupt);
            }
        }
        checkOpen();
    }

    /** Wakes all who wait but those who wait for a fetch; the caller has {@code lock}. */
    void announce() {
        changed.signalAll();
    }

    void checkOpen() throws ForebayException {
        if (closed) {
            throw new ForebayException.BadHandle("the content is closed");
        }
    }
}
