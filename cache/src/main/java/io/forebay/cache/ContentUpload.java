package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the store have what one content is: all of it, what is changed of it, or what is there already of a file that is
 * still being written. As the content, it refuses while shared.
 */
final class ContentUpload {
    /** Of larger content it pays to know what is changed, and to send no more: 8 blocks of the usual size. */
    private static final long LARGE_BYTES = 64L << 20;

    private final ContentState state;
    private final Place place;
    private final SparseFile file;
    private final PageFetcher fetcher;
    private final Borrowing borrowing;
    private final ContentReader reader;
    private final ChangeGate gate;
    private final boolean editable;
    private final FileSpace space;

    /** @param editable whether what is missing comes from the version itself, as it is in the store */
    ContentUpload(
            ContentState state,
            Place place,
            PageFetcher fetcher,
            Borrowing borrowing,
            ContentReader reader,
            ChangeGate gate,
            boolean editable,
            FileSpace space) {
        this.state = state;
        this.place = place;
        this.file = place.file();
        this.fetcher = fetcher;
        this.borrowing = borrowing;
        this.reader = reader;
        this.gate = gate;
        this.editable = editable;
        this.space = space;
    }

    /**
     * As {@link CachedContent#commit}; empty, with nothing sent, if the content is shared.
     *
     * @param beforeThaw told of the new version while the content still holds still
     */
    Optional<BlobVersion> commit(CachedContent.Upload upload, Deadline fetchDeadline, Consumer<BlobVersion> beforeThaw)
            throws ForebayException {
        if (!gate.exclusively(fetchDeadline, () -> setFrozen(true))) {
            return Optional.empty();
        }
        try {
            BlobVersion base = editBase();
            if (base == null) {
                reader.fill(fetchDeadline);
            }
            long borrowersWrites = borrowing.lookBeforeSending();
            BlobVersion version = send(upload, base, fetchDeadline);
            becomeClean(version, borrowersWrites);
            if (borrowing.writingLoan() == null) {
                beforeThaw.accept(version);
            }
            return Optional.of(version);
        } finally {
            setFrozen(false);
        }
    }

    /** The version that parts need not be sent of, since it is known which they are; null if that pays for nothing. */
    private @Nullable BlobVersion editBase() {
        state.lock.lock();
        try {
            boolean known = editable && !state.changedPages.isAll() && !SlotRecord.holdsSumsOf(state.sizeBytes);
            return known ? state.version : null;
        } finally {
            state.lock.unlock();
        }
    }

    /** Whether the kernel is not to write it on its own: then it would not be known what little of it is changed. */
    boolean isBetterEdited() {
        return state.sizeBytes() > LARGE_BYTES && editBase() != null;
    }

    /** As {@link CachedContent#isCheaperSent}. */
    boolean isCheaperSent() {
        return isBetterEdited() && state.presentBytes() < state.sizeBytes();
    }

    /** As {@link CachedContent#sendAhead}. */
    boolean sendAhead(UploadAhead upload) throws ForebayException {
        return isAllNew() && upload.advance(new WrittenFile(file, space));
    }

    /** Says that bytes are about to be written that a version in the store has too; false if the content is shared. */
    boolean noteCopied(CopiedRange range) {
        state.lock.lock();
        try {
            if (!state.shared) {
                state.copied.add(range);
            }
            return !state.shared;
        } finally {
            state.lock.unlock();
        }
    }

    /** Whether none of its bytes is in the store, or hardly any, and nobody is about to change that. */
    private boolean isAllNew() {
        boolean all;
        state.lock.lock();
        try {
            boolean changed = state.version == null || state.dirty;
            boolean copied = state.copied.lengthBytes() > state.sizeBytes / 2;
            all = changed
                    && !copied
                    && state.pages.originBytes() == 0
                    && !state.closed
                    && !state.frozen
                    && !state.shared;
        } finally {
            state.lock.unlock();
        }
        return all && editBase() == null;
    }

    private BlobVersion send(CachedContent.Upload upload, @Nullable BlobVersion base, Deadline fetchDeadline)
            throws ForebayException {
        long sizeBytes = state.sizeBytes();
        if (base == null) {
            place.beginAnew(sizeBytes);
        } else {
            place.beginAgain(sizeBytes, changedPages());
        }
        FrozenImage image = new FrozenImage(file, sizeBytes, place, base, new Pages(fetchDeadline));
        try {
            BlobVersion version = upload.send(image);
            if (version.lengthBytes() != image.sizeBytes()) {
                throw new ForebayException.Corrupt("the store has " + version.lengthBytes() + " bytes of "
                        + version.name() + " after " + image.sizeBytes() + " were sent");
            }
            return version;
        } finally {
            image.thaw();
        }
    }

    /** What is changed, as runs: the first page and the one behind the last. */
    private List<long[]> changedPages() {
        List<long[]> runs = new ArrayList<>();
        state.lock.lock();
        try {
            state.changedPages.each((from, to) -> runs.add(new long[] {from, to}));
        } finally {
            state.lock.unlock();
        }
        return runs;
    }

    /** What an image of this content asks about it. */
    private final class Pages implements FrozenImage.Missing {
        private final Deadline deadline;

        Pages(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public boolean isAsBefore(long offset, long length) {
            state.lock.lock();
            try {
                return state.changedPages.isNone(PageMap.pageOf(offset), PageMap.pagesUpTo(offset + length));
            } finally {
                state.lock.unlock();
            }
        }

        @Override
        public List<CopiedRange> copied() {
            state.lock.lock();
            try {
                return state.copied.all();
            } finally {
                state.lock.unlock();
            }
        }

        @Override
        public boolean isPresent(long offset, long length) {
            state.lock.lock();
            try {
                long end = PageMap.pagesUpTo(offset + length);
                return state.pages.firstMissing(PageMap.pageOf(offset), end) == end;
            } finally {
                state.lock.unlock();
            }
        }

        @Override
        public void bring(long offset, long length) throws ForebayException {
            if (length > 0) {
                fetcher.require(PageMap.pageOf(offset), PageMap.pagesUpTo(offset + length), deadline);
            }
        }
    }

    private void setFrozen(boolean frozen) {
        state.lock.lock();
        try {
            state.frozen = frozen;
            state.announce();
        } finally {
            state.lock.unlock();
        }
    }

    /**
     * All bytes are in the store, but for those of a borrower since. What is missing is the same there as it was.
     */
    private void becomeClean(BlobVersion version, long borrowersWrites) {
        boolean whole;
        state.lock.lock();
        try {
            state.version = version;
            state.copied.clear();
            state.dirty = state.borrowersWrites != borrowersWrites;
            if (state.writingLoan == null) {
                state.changedPages.clear();
            }
            whole = state.pages.missingBytes() == 0;
            if (whole) {
                state.pages.cutOrigin(0);
            }
        } finally {
            state.lock.unlock();
        }
        if (whole) {
            fetcher.nothingIsMissing();
        }
    }
}
