package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Lends the file of one content, and finds out what borrowers did with it.
 *
 * <p>While the file is lent for writing, its time of modification says whether anybody wrote: we set it to a mark that no
 * write leaves in place ({@link SparseFile#markUnwritten}), and find another time where somebody did. The kernel changes
 * the time before it copies bytes, and holds the same lock over both under which we set the mark, so that whoever sets
 * the mark first and reads bytes afterwards misses nothing. Stores through a mapping change the time only when a page
 * becomes dirty, so a commit of content that may be mapped first makes all pages clean.
 */
final class Borrowing {
    private final ContentState state;
    private final SparseFile file;
    private final PageFetcher fetcher;

    Borrowing(ContentState state, SparseFile file, PageFetcher fetcher) {
        this.state = state;
        this.file = file;
        this.fetcher = fetcher;
    }

    /** As {@link CachedContent#lend}; the outer optional is empty if the content is shared and must not be. */
    Optional<Optional<Path>> lend(CachedContent.Loan loan) throws ForebayException {
        state.bytes.writeLock().lock();
        try {
            if (!isWhole()) {
                return Optional.of(Optional.empty());
            }
            if (loan.writes() && !lendForWriting(loan)) {
                return Optional.empty();
            }
            setLent(true);
            return Optional.of(Optional.of(file.path()));
        } finally {
            state.bytes.writeLock().unlock();
            if (writingLoan() != null) {
                fetcher.nothingIsMissing();
            }
        }
    }

    private boolean isWhole() throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            long end = PageMap.pagesUpTo(state.pages.originBytes());
            return state.pages.firstMissing(0, end) == end;
        } finally {
            state.lock.unlock();
        }
    }

    /** The caller has {@code bytes} exclusively, and all bytes are here. */
    private boolean lendForWriting(CachedContent.Loan loan) throws ForebayException {
        CachedContent.Loan before;
        state.lock.lock();
        try {
            if (state.shared) {
                return false;
            }
            before = state.writingLoan;
        } finally {
            state.lock.unlock();
        }
        if (before == null) {
            file.beginLoan();
            file.markUnwritten();
        }
        state.lock.lock();
        try {
            state.pages.cutOrigin(0);
            state.changedPages.markAll();
            state.writingLoan = before == CachedContent.Loan.READ_WRITE ? before : loan;
        } finally {
            state.lock.unlock();
        }
        return true;
    }

    /** As {@link CachedContent#endLoans}. */
    void end() throws ForebayException {
        state.bytes.writeLock().lock();
        try {
            setLent(false);
            look();
            if (writingLoan() != null) {
                endNow();
            }
        } finally {
            state.bytes.writeLock().unlock();
        }
    }

    /**
     * Whether somebody has the file already: then it is lent to everybody who asks, however full the disk is, for one
     * inode has one file for the kernel, which refuses whoever comes with another or none.
     */
    boolean isLent() {
        state.lock.lock();
        try {
            return state.lent;
        } finally {
            state.lock.unlock();
        }
    }

    private void setLent(boolean lent) {
        state.lock.lock();
        try {
            state.lent = lent;
        } finally {
            state.lock.unlock();
        }
    }

    private void endNow() throws ForebayException {
        file.endLoan();
        state.lock.lock();
        try {
            state.writingLoan = null;
        } finally {
            state.lock.unlock();
        }
    }

    /** What the file is lent for, if others may write it; null if not. */
    CachedContent.@Nullable Loan writingLoan() {
        state.lock.lock();
        try {
            return state.writingLoan;
        } finally {
            state.lock.unlock();
        }
    }

    /** As {@link CachedContent#observe}. */
    OptionalLong observe() throws ForebayException {
        look();
        state.lock.lock();
        try {
            OptionalLong written = state.unreportedWriteNanos;
            state.unreportedWriteNanos = OptionalLong.empty();
            return written;
        } finally {
            state.lock.unlock();
        }
    }

    /** Takes note of what was written. */
    void look() throws ForebayException {
        if (writingLoan() == null) {
            return;
        }
        state.bytes.writeLock().lock();
        try {
            state.lock.lock();
            try {
                state.checkOpen();
            } finally {
                state.lock.unlock();
            }
            OptionalLong written = file.writtenNanos();
            if (written.isPresent()) {
                file.markUnwritten(); // first: a write that comes later is seen next time, with the size that it made
                noteSize(file.length());
                noteWrite(written);
            }
        } finally {
            state.bytes.writeLock().unlock();
        }
    }

    /**
     * {@link #look}, before the bytes are read to be sent: whatever is written from now on is found afterwards.
     *
     * @return how many writes were noted until now
     */
    long lookBeforeSending() throws ForebayException {
        look();
        if (writingLoan() == CachedContent.Loan.READ_WRITE) {
            file.force();
        }
        state.lock.lock();
        try {
            return state.borrowersWrites;
        } finally {
            state.lock.unlock();
        }
    }

    /** We changed the file ourselves: only what borrowers do is to be seen in its time. Has {@code bytes} exclusively. */
    void forgetOwnChange() throws ForebayException {
        if (writingLoan() != null) {
            file.markUnwritten();
            noteSize(file.length());
        }
    }

    private void noteSize(long sizeBytes) {
        state.lock.lock();
        try {
            state.sizeBytes = sizeBytes;
        } finally {
            state.lock.unlock();
        }
    }

    private void noteWrite(OptionalLong writtenNanos) {
        state.lock.lock();
        try {
            state.unreportedWriteNanos = writtenNanos;
            state.borrowersWrites++;
            state.dirty = true;
        } finally {
            state.lock.unlock();
        }
    }
}
