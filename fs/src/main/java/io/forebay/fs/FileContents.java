package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import io.forebay.cache.CachedContent;
import io.forebay.cache.ContentImage;
import io.forebay.cache.DecidingRequest;
import io.forebay.cache.SentVersion;
import io.forebay.cache.UploadAhead;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The content of files: shared while they are open, committed when they are closed. */
final class FileContents {
    private static final Logger LOG = LoggerFactory.getLogger(FileContents.class);

    private final Tree tree;
    private final StagingAhead ahead;
    private final Keeping keeping;
    private final DecidingRequests deciding;

    FileContents(Tree tree) {
        this.tree = tree;
        this.ahead = new StagingAhead(tree);
        this.keeping = new Keeping(tree, this);
        this.deciding = new DecidingRequests();
    }

    /** What keeps changes on the local disk. */
    Keeping keeping() {
        return keeping;
    }

    /** Requests of commits that are under way. */
    DecidingRequests deciding() {
        return deciding;
    }

    /**
     * The content of {@code inode} for one more user; everyone who has it open gets the same. The first to open it holds
     * the name alone, so that there are never two contents of one version, which could not follow a rename together.
     */
    SharedContent join(Inode inode, boolean writes) throws ForebayException {
        while (true) {
            SharedContent open = joinOpen(inode, writes);
            if (open != null) {
                return open;
            }
            try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
                if (claim == null) {
                    // the kernel looks the name up again and finds what replaced it, or that nothing did
                    throw new ForebayException.Changed("'" + inode.blobName() + "' was removed or replaced");
                }
                if (inode.content() != null) {
                    continue; // somebody else opened it while we waited
                }
                BlobVersion version = version(inode);
                CachedContent bytes = tree.cache().open(version);
                synchronized (inode) {
                    if (version.etag().equals(inode.etag())) {
                        return install(inode, bytes, writes);
                    }
                }
                bytes.close(); // a listing brought a newer version meanwhile: open that one
            }
        }
    }

    /** New content for a file that no blob stands for; its creator is the first user. */
    SharedContent create(Inode inode, boolean writes) throws ForebayException {
        return install(inode, tree.cache().create(), writes);
    }

    /**
     * New content for the marker of a directory that no blob stands for, kept on the local disk until it is uploaded. The
     * caller has linked the directory to nothing yet.
     */
    void createMarker(Inode directory) throws ForebayException {
        SharedContent marker = create(directory, false);
        directory.pin(); // for this use of the marker
        try {
            if (!keeping.keep(directory, false)) {
                throw new IllegalStateException("a new directory has nothing to keep: " + directory);
            }
        } finally {
            giveBack(directory, marker);
        }
    }

    /**
     * Starts to fetch a small file that was opened to be read, so that its first read finds the request under way, and
     * its last one needs no second. Waits for nothing.
     *
     * @return whether all of it was here
     */
    boolean fetchAhead(SharedContent shared) {
        CachedContent bytes = shared.bytes();
        if (bytes.isPresent(0, (int) bytes.sizeBytes())) {
            return true;
        }
        bytes.version().ifPresent(tree.cache()::prefetch);
        return false;
    }

    /** Begins to send {@code inode} to the store while it is being written. */
    void sendAhead(Inode inode, SharedContent shared) {
        ahead.begin(inode, shared);
    }

    /** One who writes is about to leave. */
    void endSendingAhead(Inode inode, SharedContent shared) {
        boolean last;
        synchronized (inode) {
            last = shared.isWrittenOnce();
        }
        if (last) {
            ahead.drop(shared);
        }
    }

    /** Whether {@link #join} would find all of the content on local disk, and wait for nobody. A guess. */
    boolean isHere(Inode inode) {
        return tree.claims().isFree(inode)
                && committedVersion(tree, inode).map(tree.cache()::isHere).orElse(false);
    }

    private static SharedContent install(Inode inode, CachedContent bytes, boolean writes) {
        SharedContent shared = new SharedContent(bytes);
        shared.join(writes);
        inode.setContent(shared);
        return shared;
    }

    private static @Nullable SharedContent joinOpen(Inode inode, boolean writes) {
        synchronized (inode) {
            SharedContent open = inode.content();
            if (open != null) {
                open.join(writes);
            }
            return open;
        }
    }

    /**
     * One user less. The last one closes the content and lets go of the inode, unless there are changes that could not
     * be saved: those keep both until a later commit succeeds.
     *
     * @return pins of the inode that the caller must take back, its own among them
     */
    int leave(Inode inode, SharedContent shared, boolean writes) {
        synchronized (inode) {
            if (!shared.leave(writes)) {
                return 1;
            }
            if (inode.content() == shared && inode.needsCommit()) {
                return shared.keepInode() ? 0 : 1;
            }
            if (inode.content() == shared) {
                inode.setContent(null);
            }
        }
        shared.bytes().close();
        return shared.keepsInode() ? 2 : 1;
    }

    /**
     * The open content of {@code inode}, for work of our own: so that the last handle that is closed meanwhile does not
     * close it under our hands.
     *
     * @return null if nobody has it open; else to be handed to {@link #giveBack}
     */
    @Nullable
    SharedContent borrow(Inode inode) {
        if (!inode.pin()) {
            return null;
        }
        SharedContent open = joinOpen(inode, false);
        if (open == null) {
            tree.inodes().unpin(inode, 1);
        }
        return open;
    }

    void giveBack(Inode inode, @Nullable SharedContent borrowed) {
        if (borrowed != null) {
            tree.inodes().unpin(inode, leave(inode, borrowed, false));
        }
    }

    /**
     * The file behind {@code handle}, for the kernel to read and write without asking; empty where it must ask.
     */
    Optional<Path> lend(Handles.FileHandle handle) throws ForebayException {
        CachedContent.Loan loan = CachedContent.Loan.READ;
        if (handle.mode().write()) {
            loan = handle.mode().read() ? CachedContent.Loan.READ_WRITE : CachedContent.Loan.WRITE;
        }
        return handle.content().bytes().lend(loan);
    }

    /**
     * Fails if what was written through {@code handle} has nowhere to go, since its name leads to another version now.
     */
    void requireCurrent(Handles.FileHandle handle) throws ForebayException {
        Inode inode = handle.inode();
        if (inode.content() != handle.content() && handle.mode().write()) {
            handle.content().bytes().observe();
            if (handle.content().bytes().isDirty()) {
                throw new ForebayException.Changed(
                        "'" + inode.blobName() + "' was replaced since it was opened; what was written is not saved");
            }
        }
    }

    /** Something to do with content. */
    @FunctionalInterface
    interface Access<T> {
        T on(CachedContent bytes) throws ForebayException;
    }

    /**
     * Does something for which bytes may have to be fetched. A rename or a change of attributes makes the blob another
     * version a moment before the content knows: who asked in that moment waits for its end and asks again.
     *
     * @throws ForebayException.Changed if the version is gone for good
     */
    <T> T access(Inode inode, SharedContent shared, Access<T> access) throws ForebayException {
        while (true) {
            Optional<BlobVersion> version = shared.bytes().version();
            try {
                return access.on(shared.bytes());
            } catch (ForebayException.Changed | ForebayException.NotFound gone) {
                try (PathClaims.Claim _ = tree.claims().toUse(inode)) {
                    if (shared.bytes().version().equals(version)) {
                        inode.expire();
                        throw new ForebayException.Changed(
                                "'" + inode.blobName() + "' was replaced or removed since it was opened", gone);
                    }
                }
            }
        }
    }

    /** Changes the bytes of {@code inode}; a failure may leave a part of the change done. */
    <T> T change(Inode inode, SharedContent shared, Access<T> change) throws ForebayException {
        inode.beginChange(shared);
        try {
            T result = access(inode, shared, change);
            inode.modified(tree.clock().nowNanos());
            return result;
        } finally {
            inode.endChange();
        }
    }

    /** Cuts or extends the file. */
    void resize(Inode inode, SharedContent shared, long sizeBytes) throws ForebayException {
        change(inode, shared, bytes -> {
            bytes.resize(sizeBytes, tree.transferDeadline(bytes.sizeBytes()));
            return sizeBytes;
        });
    }

    private BlobVersion version(Inode inode) throws ForebayException {
        return committedVersion(tree, inode)
                .orElseThrow(() -> new ForebayException.NotFound("'" + inode.blobName() + "' was never written"));
    }

    /** What the store has of {@code inode}, as far as we know; empty if it was never committed. */
    static Optional<BlobVersion> committedVersion(Tree tree, Inode inode) {
        synchronized (inode) {
            Etag etag = inode.etag();
            return etag == null
                    ? Optional.empty()
                    : Optional.of(new BlobVersion(
                            tree.store().displayName(), inode.blobName(), etag, inode.committedBytes()));
        }
    }

    /**
     * Makes the blob what the file is now: content, attributes, name. Nothing happens if it is that already, or if the
     * file has no name any more. On failure the changes are kept, and the next commit tries again.
     *
     * @throws ForebayException.Changed if somebody else changed the blob meanwhile; theirs stands
     */
    void commit(Inode inode) throws ForebayException {
        inode.observe();
        if (!inode.needsCommit()) {
            return;
        }
        try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
            if (claim != null) {
                commitClaimed(inode);
            }
        }
    }

    /** {@link #commit} for a caller who holds the name exclusively. */
    void commitClaimed(Inode inode) throws ForebayException {
        inode.observe();
        if (!inode.needsCommit()) {
            return;
        }
        resolveDoubt(inode);
        SharedContent shared = borrow(inode);
        inode.beginCommit();
        try {
            if (shared == null || (inode.etag() != null && !shared.bytes().isDirty())) {
                saveAttributes(inode);
            } else {
                // Or, after a power cut, what was synced and is older would find that the blob is not what it replaces.
                if (Keeping.isKeptSynced(inode)) {
                    keeping.keep(inode, true);
                }
                upload(inode, shared);
            }
            if (shared != null) {
                keeping.settle(inode, shared);
            }
        } finally {
            inode.endCommit();
            giveBack(inode, shared);
        }
    }

    private void upload(Inode inode, SharedContent shared) throws ForebayException {
        PosixAttributes sent = inode.posix();
        BlobHeaders headers = describing(inode, sent);
        AtomicReference<@Nullable BlobProperties> committed = new AtomicReference<>();
        try {
            shared.bytes()
                    .commit(
                            image -> {
                                // Before anything is sent: what is kept from now on says so.
                                inode.setSending(new SentVersion(headers, image.sizeBytes()));
                                BlobProperties blob = send(inode, shared, image, headers);
                                committed.set(blob);
                                return versionOf(blob);
                            },
                            tree.transferDeadline(shared.bytes().sizeBytes()));
            BlobProperties blob = committed.get();
            if (blob == null) {
                throw new IllegalStateException("a commit ended well without an upload: " + inode);
            }
            inode.committed(blob, sent, tree.clock().nanoTime());
            tree.uncommitted().remove(inode);
        } finally {
            inode.setSending(null);
        }
    }

    private BlobProperties send(Inode inode, SharedContent shared, ContentImage image, BlobHeaders headers)
            throws ForebayException {
        String name = inode.blobName();
        Optional<UploadAhead> begun =
                ahead.end(shared).filter(upload -> upload.name().equals(name));
        try {
            SentVersion sent = new SentVersion(headers, image.sizeBytes());
            DecidingRequest last = request -> noting(inode, sent, request);
            Precondition replaced = precondition(inode);
            return begun.isPresent()
                    ? begun.get().finish(image, headers, replaced, last)
                    : tree.uploader().upload(name, image, headers, replaced, last);
        } catch (ForebayException.Changed made) {
            if (inode.isDirectory()) {
                return markerOfAnother(inode, made);
            }
            throw made;
        }
    }

    /** Two who make the same directory have no conflict: the one that was first in the store stands, with its attributes. */
    private BlobProperties markerOfAnother(Inode directory, ForebayException.Changed made) throws ForebayException {
        BlobProperties there = tree.store().head(directory.blobName(), tree.deadline());
        if (PosixAttributes.kindOf(there) != FileKind.DIRECTORY || there.lengthBytes() > 0) {
            throw made;
        }
        directory.setPosix(
                PosixAttributes.of(there, tree.settings()), tree.clock().nowNanos());
        return there;
    }

    /** Sends a request that gives a blob another version; if its answer is lost, {@code inode} remembers what was sent. */
    private BlobProperties noting(Inode inode, SentVersion sent, DecidingRequest.Request request)
            throws ForebayException {
        tree.cache().settle();
        deciding.begin();
        try {
            return request.send();
        } catch (ForebayException.Unavailable | ForebayException.Interrupted lost) {
            inode.setInDoubt(sent);
            throw lost;
        } finally {
            deciding.end();
        }
    }

    /**
     * Finds out whether a commit of {@code inode} whose answer was lost took effect: then that is the version to go on
     * from, and not somebody else's. The caller holds the name exclusively.
     */
    void resolveDoubt(Inode inode) throws ForebayException {
        List<SentVersion> sent = inode.inDoubt();
        if (sent.isEmpty()) {
            return;
        }
        try {
            BlobProperties there = tree.store().head(inode.blobName(), tree.deadline());
            if (sent.stream().anyMatch(one -> one.became(there))) {
                inode.replaces(there.etag());
            }
        } catch (ForebayException.NotFound _) {
            LOG.debug("a commit did not take effect name={}", inode.blobName());
        }
        inode.endDoubt();
    }

    private static Precondition precondition(Inode inode) {
        Etag replaced = inode.etag();
        return replaced == null ? Precondition.ifAbsent() : Precondition.ifMatch(replaced);
    }

    private BlobVersion versionOf(BlobProperties blob) {
        return new BlobVersion(tree.store().displayName(), blob.name(), blob.etag(), blob.lengthBytes());
    }

    static BlobHeaders describing(Inode inode, PosixAttributes attributes) {
        BlobHeaders headers = inode.headers();
        return headers.withMetadata(attributes.addTo(headers.metadata(), inode.kind()));
    }

    /** Writes the attributes of {@code inode} to the metadata of its blob. The caller holds the name exclusively. */
    void saveAttributes(Inode inode) throws ForebayException {
        PosixAttributes sent = inode.posix();
        BlobHeaders headers = describing(inode, sent);
        SentVersion request = new SentVersion(headers, inode.committedBytes());
        inode.beginCommit();
        inode.setSending(request);
        try {
            BlobProperties blob = noting(inode, request, () -> tree.store()
                    .setMetadata(inode.blobName(), headers.metadata(), precondition(inode), tree.deadline()));
            inode.committed(blob, sent, tree.clock().nanoTime());
            rebase(inode, blob);
        } finally {
            inode.setSending(null);
            inode.endCommit();
        }
    }

    /** The content of {@code inode} is unchanged, but its blob has another name or etag now. */
    void rebase(Inode inode, BlobProperties blob) {
        SharedContent shared = inode.content();
        if (shared != null) {
            shared.bytes().rebase(versionOf(blob));
        }
    }

    /** Fetches what is missing, so that open handles outlive the blob; nothing can if somebody else replaced it. */
    void fillIfOpen(Inode inode) throws ForebayException {
        SharedContent shared = inode.etag() == null ? null : borrow(inode);
        if (shared == null) {
            return;
        }
        try {
            shared.bytes().fill(tree.transferDeadline(shared.bytes().sizeBytes()));
        } catch (ForebayException.Changed | ForebayException.NotFound gone) {
            LOG.debug("an open file is lost to its readers name={} reason={}", inode.blobName(), gone.getMessage());
        } finally {
            giveBack(inode, shared);
        }
    }

    /** Whether it costs less to send what is changed of {@code inode} than to fetch what is not. */
    boolean isCheaperSent(Inode inode) {
        synchronized (inode) {
            SharedContent shared = inode.content();
            return shared != null && shared.bytes().isCheaperSent();
        }
    }

    boolean isOpenForWriting(Inode inode) {
        synchronized (inode) {
            SharedContent shared = inode.content();
            return shared != null && shared.isOpenForWriting();
        }
    }

    static boolean isOpenForWriting(Inode inode, SharedContent shared) {
        synchronized (inode) {
            return shared.isOpenForWriting();
        }
    }

    /**
     * The file has no name any more: changes that nobody has open are of no use to anybody, and those that somebody has
     * open are of none to a later process.
     */
    void dropUnused(Inode inode) {
        SharedContent shared;
        boolean used;
        synchronized (inode) {
            shared = inode.content();
            if (shared == null) {
                return;
            }
            used = shared.isUsed() || !shared.keepsInode();
            if (!used) {
                inode.setContent(null);
            }
        }
        if (used) {
            keeping.letGo(inode, shared);
        } else {
            shared.bytes().close();
            tree.inodes().unpin(inode, 1);
        }
    }

    /**
     * Gives up the content of {@code inode}, whose name is to lead to something else; the caller holds that name
     * exclusively, and takes back the pin of the changes.
     *
     * @return false, with nothing done, if somebody uses it
     */
    boolean discard(Inode inode) {
        SharedContent shared;
        synchronized (inode) {
            shared = inode.content();
            if (shared == null || shared.isUsed() || !shared.keepsInode()) {
                return false;
            }
            inode.markUnlinked();
            inode.setContent(null);
        }
        shared.bytes().close();
        return true;
    }
}
