package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import io.forebay.cache.PendingFile;
import io.forebay.cache.SentVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file, directory or symlink that the kernel or this process knows.
 *
 * <p>Mutable fields are guarded by the inode's monitor, which is never held over I/O. Its {@link Place} changes only
 * under an exclusive claim ({@link PathClaims}), and is volatile so that names can be walked without one.
 */
final class Inode {
    /** So many versions are remembered of which nobody knows whether they took effect: one more with each crash, at most. */
    private static final int MOST_SENT = 4;

    /** Where an inode hangs in the tree. */
    record Place(Inode parent, String name) {}

    private final long id;
    private final FileKind kind;
    private volatile @Nullable Place place;
    private volatile boolean unlinked;

    private PosixAttributes posix;
    private BlobHeaders headers = BlobHeaders.NONE;
    private @Nullable Etag etag;
    private long committedBytes;
    private long accessNanos;
    private long changeNanos;
    /** Whether the store ever told us of it, and the time of the question that it answered last. */
    private boolean known;

    private boolean expired;

    private long checkedAtNanos;
    private boolean attributesUnsaved;
    private @Nullable SharedContent content;
    /** What was sent by requests whose answers were lost: the blob may be one of them by now. */
    private List<SentVersion> inDoubt = List.of();
    /** What is being sent. */
    private @Nullable SentVersion sending;

    /**
     * Writes that run now, whose bytes are not dirty yet but will be; and requests that give the blob another version,
     * which the store may show before we have heard of it.
     */
    private int changesUnderWay;

    private @Nullable String symlinkTarget;

    private final KeptPages keptPages = new KeptPages();

    /** Reasons to keep it: kernel lookups, open handles, the name cache, entries, changes that could not be saved. */
    private long pins;

    private boolean dropped;

    /**
     * Directories only: raised by each change of an entry that we make, and whenever an inode leaves the table, so that
     * a listing knows that it is out of date.
     */
    private long entryChanges;

    /** Directories only: raised whenever an inode leaves the table whose name is still there. */
    private long entryLosses;

    /** Directories only: since when all of their names are in the inode table; null when they are not. */
    private @Nullable Long completeSinceNanos;

    Inode(long id, FileKind kind, @Nullable Place place, PosixAttributes posix, long nowNanos) {
        this.id = id;
        this.kind = kind;
        this.place = place;
        this.posix = posix;
        this.accessNanos = posix.modifyNanos();
        this.changeNanos = nowNanos;
    }

    long id() {
        return id;
    }

    FileKind kind() {
        return kind;
    }

    boolean isDirectory() {
        return kind == FileKind.DIRECTORY;
    }

    /** Null for the root only. */
    @Nullable
    Place place() {
        return place;
    }

    /** Whether it has a name now, in {@code directory}. */
    boolean isIn(Inode directory) {
        Place here = place;
        return here != null && here.parent() == directory && !unlinked;
    }

    void moveTo(Place target) {
        place = target;
    }

    /** Whether its last name is gone. Its content lives on for those who have it open. */
    boolean isUnlinked() {
        return unlinked;
    }

    void markUnlinked() {
        unlinked = true;
    }

    /** The name of the blob that it is or would be; empty for the root. */
    String blobName() {
        Place at = place;
        if (at == null) {
            return "";
        }
        String directory = at.parent.blobName();
        return directory.isEmpty() ? at.name : directory + "/" + at.name;
    }

    /** The prefix of the names of everything inside this directory. */
    String blobPrefix() {
        String name = blobName();
        return name.isEmpty() ? "" : name + "/";
    }

    boolean isWithin(Inode ancestor) {
        Inode at = this;
        while (at != ancestor) {
            Place above = at.place;
            if (above == null) {
                return false;
            }
            at = above.parent;
        }
        return true;
    }

    // ---- attributes -------------------------------------------------------------------------------------------

    synchronized Attributes attributes() {
        return new Attributes(
                id,
                kind,
                posix.permissions(),
                links(),
                posix.uid(),
                posix.gid(),
                sizeBytes(),
                accessNanos,
                posix.modifyNanos(),
                Math.max(changeNanos, posix.modifyNanos()));
    }

    private int links() {
        if (unlinked) {
            return 0;
        }
        return isDirectory() ? 2 : 1;
    }

    private long sizeBytes() {
        if (isDirectory()) {
            return DIRECTORY_BYTES;
        }
        return content == null ? committedBytes : content.bytes().sizeBytes();
    }

    /** What there is to upload of it; 0 for a directory. */
    synchronized long contentBytes() {
        return isDirectory() ? 0 : sizeBytes();
    }

    /** What {@code stat} shows for a directory everywhere: one page. */
    private static final long DIRECTORY_BYTES = 4096;

    synchronized PosixAttributes posix() {
        return posix;
    }

    synchronized void setPosix(PosixAttributes changed, long nowNanos) {
        posix = changed;
        changeNanos = nowNanos;
        changedHere();
    }

    /** It was moved: that is a change, but not one of its content. */
    synchronized void moved(long nowNanos) {
        changeNanos = nowNanos;
        changedHere();
    }

    /** Extended attributes changed, which the headers carry. */
    synchronized void setHeaders(BlobHeaders changed, long nowNanos) {
        headers = changed;
        changeNanos = nowNanos;
        changedHere();
    }

    /** Attributes changed that no blob carries yet; they travel with the next commit. */
    synchronized void setAttributesUnsaved(boolean unsaved) {
        attributesUnsaved = unsaved;
    }

    synchronized void accessed(long nanos) {
        accessNanos = nanos;
    }

    /**
     * Somebody is going to write or cut the content: from now until {@link #endChange} no other version replaces it.
     *
     * @throws ForebayException.Changed if another version has already
     */
    synchronized void beginChange(SharedContent shared) throws ForebayException {
        if (content != shared) {
            throw new ForebayException.Changed("'" + blobName() + "' was replaced since it was opened");
        }
        changesUnderWay++;
    }

    synchronized void endChange() {
        changesUnderWay--;
    }

    /** The blob gets another version from us: until {@link #endCommit}, a listing that shows it tells nothing new. */
    synchronized void beginCommit() {
        changesUnderWay++;
    }

    synchronized void endCommit() {
        changesUnderWay--;
    }

    /** The content was written or cut. */
    synchronized void modified(long nowNanos) {
        posix = posix.withModifyNanos(nowNanos);
        changeNanos = nowNanos;
        attributesUnsaved = true;
        keptPages.drop();
        if (content != null) {
            content.written();
        }
        changedHere();
    }

    /** Takes note of what the kernel wrote without asking. Local I/O; never call it with the monitor held. */
    void observe() throws ForebayException {
        SharedContent shared = content();
        if (shared != null) {
            shared.bytes().observe().ifPresent(this::wroteAt);
        }
    }

    /** The kernel stamps files with a clock that stands still for some milliseconds; time must not run backwards. */
    private synchronized void wroteAt(long nanos) {
        long behind = posix.modifyNanos() - nanos;
        modified(behind > 0 && behind <= KERNEL_CLOCK_STEP_NANOS ? posix.modifyNanos() : nanos);
    }

    /** At 100 ticks a second, the slowest that Linux is built with. */
    private static final long KERNEL_CLOCK_STEP_NANOS = 10_000_000;

    /** An entry of this directory came or went. */
    synchronized void entriesChanged(long nowNanos) {
        posix = posix.withModifyNanos(nowNanos);
        changeNanos = nowNanos;
        entryChanges++;
    }

    // ---- what the store knows ----------------------------------------------------------------------------------

    /** The committed version; null for a file that was never committed and for a directory without a marker. */
    synchronized @Nullable Etag etag() {
        return etag;
    }

    synchronized BlobHeaders headers() {
        return headers;
    }

    synchronized long committedBytes() {
        return committedBytes;
    }

    /**
     * Takes over what the store says, unless we know better or newer.
     *
     * @param blob null for a directory that has no marker
     * @param askedAtNanos when the question was sent
     */
    synchronized Learned learn(@Nullable BlobProperties blob, PosixAttributes stored, long askedAtNanos) {
        if (isAheadOfStore() || (known && askedAtNanos - checkedAtNanos < 0)) {
            return Learned.NOTHING;
        }
        boolean sameVersion = known && Objects.equals(blob == null ? null : blob.etag(), etag);
        if (!sameVersion && content != null && kind == FileKind.FILE) {
            return Learned.REPLACED;
        }
        boolean first = !known;
        known = true;
        expired = false;
        checkedAtNanos = askedAtNanos;
        if (sameVersion) {
            relabel(blob);
            return Learned.NOTHING;
        }
        etag = blob == null ? null : blob.etag();
        headers = blob == null ? BlobHeaders.NONE : blob.headers();
        committedBytes = blob == null ? 0 : blob.lengthBytes();
        posix = stored;
        changeNanos = blob == null ? stored.modifyNanos() : PosixAttributes.nanos(blob.lastModified());
        symlinkTarget = null;
        return first ? Learned.NOTHING : Learned.ANOTHER_VERSION;
    }

    /** Labels change without another version. */
    private void relabel(@Nullable BlobProperties blob) {
        if (blob != null && !blob.headers().labels().equals(headers.labels())) {
            headers = headers.withLabels(blob.headers().labels());
        }
    }

    /**
     * The name leads to another inode from now on. Handles go on reading the version that they opened; what they would
     * change nobody will ever see, and that is refused.
     */
    synchronized void replaced() {
        unlinked = true;
        content = null;
    }

    /** The store has our content, and {@code sent} as our attributes, as this version. */
    synchronized void committed(BlobProperties blob, PosixAttributes sent, long nowNanos) {
        etag = blob.etag();
        headers = blob.headers();
        committedBytes = blob.lengthBytes();
        known = true;
        expired = false;
        checkedAtNanos = nowNanos;
        attributesUnsaved = kind == FileKind.FILE && !posix.equals(sent); // entries set the time of a directory
    }

    /** The same content and attributes are now this blob, after a copy; what was unsaved still is. */
    synchronized void movedTo(BlobProperties copy, long nowNanos) {
        etag = copy.etag();
        headers = attributesUnsaved ? headers : copy.headers();
        committedBytes = copy.lengthBytes();
        checkedAtNanos = nowNanos;
    }

    synchronized List<SentVersion> inDoubt() {
        return inDoubt;
    }

    synchronized void setInDoubt(SentVersion sent) {
        inDoubt = List.of(sent);
    }

    synchronized void endDoubt() {
        inDoubt = List.of();
    }

    synchronized void setSending(@Nullable SentVersion sent) {
        sending = sent;
    }

    /** What the blob may be by now, of our doing, beside what it was: the latest that were sent. */
    synchronized List<SentVersion> mayBe() {
        List<SentVersion> all = new ArrayList<>(inDoubt);
        if (sending != null) {
            all.add(sending);
        }
        return all.subList(Math.max(0, all.size() - MOST_SENT), all.size());
    }

    /** An earlier process left this content; whether it is in the store by now will be asked before it is sent. */
    synchronized void resume(SharedContent shared, PendingFile file) {
        content = shared;
        etag = file.replaces().orElse(null);
        headers = file.headers();
        known = etag != null;
        attributesUnsaved = true;
        committedBytes = shared.bytes().sizeBytes();
        inDoubt = new ArrayList<>(file.sent());
        inDoubt.add(new SentVersion(file.headers(), committedBytes));
    }

    /** What {@code shared} is, the store is too. */
    synchronized void forgetKept(SharedContent shared) {
        shared.forgetKept();
    }

    /** {@code shared} is not kept as it is now, though perhaps as it was before. */
    synchronized void keepFailed(SharedContent shared) {
        shared.keepFailed();
    }

    /** Whether what is kept of {@code shared} is all that there is to keep. */
    synchronized boolean isKeptAsIs(SharedContent shared, boolean durable) {
        return shared.isKeptAsIs(durable);
    }

    /** Bytes, attributes or name are others: what is kept of them is not up to date. */
    private void changedHere() {
        if (content != null) {
            content.changed();
        }
    }

    /**
     * Gives up a change that could not be committed and that nobody but the caller knows of; the store is asked again.
     *
     * @param before the attributes before the change
     */
    synchronized void giveUp(SharedContent changed, PosixAttributes before) {
        if (content == changed && changed.isUsedOnce() && !changed.keepsInode()) {
            content = null;
            posix = before;
            attributesUnsaved = false;
            expired = true;
        }
    }

    /**
     * The version that the next commit replaces, when it is not one that we know to have committed: another blob that
     * this was renamed onto, or our own work of which we never heard.
     */
    synchronized void replaces(@Nullable Etag other) {
        etag = other;
    }

    synchronized boolean isFresh(long nowNanos, long validityNanos) {
        return known && !expired && nowNanos - checkedAtNanos < validityNanos;
    }

    /**
     * How much longer what {@code stat} shows can be believed. What somebody is writing changes without our doing, as far
     * as a mapping does it.
     */
    synchronized long validNanos(long nowNanos, long validityNanos) {
        if (canChange()) {
            return Math.min(validityNanos, CHANGING_VALID_NANOS);
        }
        return isFresh(nowNanos, validityNanos) ? validityNanos - Math.max(0, nowNanos - checkedAtNanos) : 0;
    }

    /** As long as file systems of the kernel's own that are changed elsewhere do without asking. */
    private static final long CHANGING_VALID_NANOS = 1_000_000_000;

    /** What we know of it has proved wrong: ask before it is used again. */
    synchronized void expire() {
        expired = true;
    }

    /** Whether a question that was asked at {@code nanos} can tell us nothing new. */
    synchronized boolean isKnownSince(long nanos) {
        return known && checkedAtNanos - nanos > 0;
    }

    /** What we know of it is in doubt, unless it is from {@code nanos} or later. */
    synchronized void expireIfOlderThan(long nanos) {
        expired |= checkedAtNanos - nanos < 0;
    }

    /**
     * Whether this process knows better than the store: there is content or an attribute that no blob has yet. A file
     * that was never committed has content that is dirty from the start.
     */
    synchronized boolean isAheadOfStore() {
        return needsCommit() || (changesUnderWay > 0 && !unlinked);
    }

    /** Whether nobody has it open and nothing of it is only here. A directory is left alone for the sake of its entries. */
    synchronized boolean isOnlyRemembered() {
        return kind != FileKind.DIRECTORY && content == null && !isAheadOfStore();
    }

    /** Whether there is something that no blob has: of a directory, its marker while that is content on the local disk. */
    synchronized boolean needsCommit() {
        return (kind == FileKind.FILE || content != null) && !unlinked && (attributesUnsaved || hasDirtyContent());
    }

    private boolean hasDirtyContent() {
        return content != null && content.bytes().isDirty();
    }

    // ---- content -----------------------------------------------------------------------------------------------

    synchronized @Nullable SharedContent content() {
        return content;
    }

    synchronized void setContent(@Nullable SharedContent shared) {
        content = shared;
    }

    /** It is opened: what that means for pages that were kept before. */
    synchronized KeptPages.Seen keptPages(OpenMode mode) {
        return keptPages.opened(mode.write() || canChange() ? null : etag);
    }

    /** A handle was closed: what that means for pages that were read through it. */
    synchronized void closed(KeptPages.Seen seen) {
        keptPages.closed(seen, canChange() ? null : etag);
    }

    /** Whether its bytes can become others without a new version. */
    private boolean canChange() {
        return isAheadOfStore() || (content != null && content.isOpenForWriting());
    }

    synchronized @Nullable String symlinkTarget() {
        return symlinkTarget;
    }

    /** @param version whose body the target is; no longer of use if there is another one now */
    synchronized void setSymlinkTarget(String target, @Nullable Etag version) {
        if (Objects.equals(version, etag)) {
            symlinkTarget = target;
        }
    }

    // ---- directory knowledge -----------------------------------------------------------------------------------

    synchronized long entryChanges() {
        return entryChanges;
    }

    synchronized long entryLosses() {
        return entryLosses;
    }

    /**
     * All names of this directory are known as of {@code sinceNanos}, unless one was lost since there were {@code losses}.
     * Names that we made or removed meanwhile change nothing: the inode table has the ones, and not the others.
     */
    synchronized void markComplete(long sinceNanos, long losses) {
        if (losses == entryLosses) {
            completeSinceNanos = sinceNanos;
        }
    }

    /** An entry is about to leave the inode table: neither is all in there now, nor will it be after this listing. */
    synchronized void markIncomplete() {
        completeSinceNanos = null;
        entryChanges++;
        entryLosses++;
    }

    /** Whether a name that is not in the inode table is known not to exist. */
    synchronized boolean isComplete(long nowNanos, long validityNanos) {
        return completeSinceNanos != null && nowNanos - completeSinceNanos < validityNanos;
    }

    /** Whether that was known once, and nothing but time has passed since. */
    synchronized boolean wasComplete() {
        return completeSinceNanos != null;
    }

    /** How much longer that is known. */
    synchronized long completeNanos(long nowNanos, long validityNanos) {
        return isComplete(nowNanos, validityNanos) && completeSinceNanos != null
                ? validityNanos - Math.max(0, nowNanos - completeSinceNanos)
                : 0;
    }

    // ---- life --------------------------------------------------------------------------------------------------

    /** Adds a reason to keep it. @return false if it is gone already; look it up again */
    synchronized boolean pin() {
        if (dropped) {
            return false;
        }
        pins++;
        return true;
    }

    /** Takes reasons back. @return true if this was the last: the caller removes it from the table */
    synchronized boolean unpin(long count) {
        pins -= count;
        if (pins < 0) {
            throw new IllegalStateException("inode " + id + " was let go more often than held");
        }
        dropped = pins == 0;
        return dropped;
    }

    Inode requireDirectory() throws ForebayException {
        if (!isDirectory()) {
            throw new ForebayException.NotADirectory("'" + blobName() + "' is not a directory");
        }
        return this;
    }

    @Override
    public String toString() {
        return "inode=" + id + " kind=" + kind + " name=" + blobName();
    }
}
