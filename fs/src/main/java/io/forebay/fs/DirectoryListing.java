package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory as one open handle sees them: a listing that is still true, or else read page by page from
 * the store as they are asked for, what is not committed yet added at the end. A cookie is a position in this list.
 *
 * <p>Its lock is held over the request for the next page, because nobody else uses the handle meanwhile.
 */
final class DirectoryListing {
    /** The page that Azure gives at most. */
    private static final int PAGE_ENTRIES = 5_000;

    /** An entry as it was when its page came. */
    record Entry(String name, Attributes attributes) {}

    /**
     * What the store said of a name.
     *
     * @param blob null for a prefix
     */
    private record Found(String name, @Nullable BlobProperties blob) {}

    private final Tree tree;
    private final Lookups lookups;
    private final Inode directory;
    private final ReentrantLock lock = new ReentrantLock();

    /** Shared, and never changed any more, once the listing is {@link #atEnd}. */
    private List<Entry> entries = List.of();
    /** Of the entries, while more may come. */
    private Set<String> names = Set.of();
    /** Of when the listing began: they may become blobs on pages that have been read. */
    private List<Inode> uncommittedAtStart = List.of();

    private @Nullable String continuation;
    private String listedPrefix = "";
    private volatile boolean atEnd;
    private long startedAtNanos;
    private long entryChangesAtStart;

    DirectoryListing(Tree tree, Lookups lookups, Inode directory) {
        this.tree = tree;
        this.lookups = lookups;
        this.directory = directory;
    }

    /**
     * @param lookUp whether the lookup counts of inodes are raised that are known well enough
     * @throws ForebayException.InvalidArgument if {@code cookie} can be no position
     */
    void read(long cookie, boolean lookUp, DirectorySink sink) throws ForebayException {
        lock.lock();
        try {
            if (cookie == 0 || entries.isEmpty()) {
                restart();
            }
            if (cookie < 0) {
                throw new ForebayException.InvalidArgument("there is no position " + cookie + " in a listing");
            }
            long now = tree.clock().nanoTime();
            long at = cookie;
            while (at < entries.size() || fetchMore()) {
                if (at >= entries.size()) {
                    continue; // a position that somebody else's listing gave: not yet there, or never
                }
                Entry entry = entries.get((int) at);
                at++;
                if (!wasRemovedSince(entry.name, startedAtNanos) && !hand(entry, at, lookUp, now, sink)) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is left to ask the store for; a guess while another thread reads. */
    boolean isWhole() {
        return atEnd;
    }

    /** The page may be old by the time somebody reads it: what we know now is better. */
    private boolean hand(Entry entry, long nextCookie, boolean lookUp, long nowNanos, DirectorySink sink)
            throws ForebayException {
        Inode inode = tree.inodes().find(directory, entry.name);
        if (inode == null) {
            return sink.accept(entry.name, entry.attributes, nextCookie);
        }
        inode.observe();
        if (!lookUp || !lookups.isCurrent(inode, nowNanos) || !inode.pin()) {
            return sink.accept(entry.name, inode.attributes(), nextCookie);
        }
        boolean taken = sink.acceptFound(entry.name, inode.attributes(), nextCookie);
        if (!taken) {
            tree.inodes().unpin(inode, 1);
        }
        return taken;
    }

    private void restart() {
        ListingCache.Listing known =
                tree.listings().find(directory, tree.clock().nanoTime(), tree.validityNanos());
        if (known != null) {
            entries = known.entries();
            startedAtNanos = known.startedAtNanos();
            atEnd = true;
            return;
        }
        atEnd = false;
        entries = new ArrayList<>();
        names = new HashSet<>();
        continuation = null;
        listedPrefix = "";
        atEnd = directory.isUnlinked();
        startedAtNanos = tree.clock().nanoTime();
        entryChangesAtStart = directory.entryChanges();
        uncommittedAtStart = uncommitted();
        Inode.Place place = directory.place();
        add(".", directory);
        add("..", place == null ? directory : place.parent());
    }

    /** @return false at the end of the directory */
    private boolean fetchMore() throws ForebayException {
        int before = entries.size();
        while (!atEnd && entries.size() == before) {
            fetchPage();
        }
        return entries.size() > before;
    }

    private void fetchPage() throws ForebayException {
        long askedAt = tree.clock().nanoTime();
        List<Found> doubtful = new ArrayList<>();
        try (PathClaims.Claim _ = tree.claims().toUse(directory)) {
            long entryChanges = directory.entryChanges();
            for (Found found : requestPage()) {
                if (!names.contains(found.name) && !addFromStore(found, askedAt, entryChanges)) {
                    doubtful.add(found);
                }
            }
        }
        for (Found found : doubtful) {
            addClaimed(found, askedAt);
        }
        if (continuation == null) {
            uncommittedAtStart.forEach(this::addUncommitted);
            uncommitted().forEach(this::addUncommitted);
            end();
        }
    }

    private void end() {
        atEnd = true;
        names = Set.of();
        directory.markComplete(startedAtNanos, entryChangesAtStart);
        tree.listings().remember(directory, new ListingCache.Listing(entries, startedAtNanos, entryChangesAtStart));
    }

    /** The next page, blobs first: where a blob and a prefix have the same name, it is the blob that counts. */
    private List<Found> requestPage() throws ForebayException {
        String prefix = directory.blobPrefix();
        if (!prefix.equals(
                listedPrefix)) { // moved: the rest is under another name, and only this list knows what is new
            listedPrefix = prefix;
            continuation = null;
        }
        ListPage page = tree.store().list(prefix, "/", continuation, PAGE_ENTRIES, tree.deadline());
        continuation = page.continuation();
        List<Found> blobs = new ArrayList<>();
        List<Found> prefixes = new ArrayList<>();
        for (ListEntry entry : page.entries()) {
            String name = entry.name().substring(prefix.length());
            switch (entry) {
                case ListEntry.Blob(var blob) -> blobs.add(new Found(name, blob));
                case ListEntry.Prefix _ -> prefixes.add(new Found(name.substring(0, name.length() - 1), null));
            }
        }
        blobs.addAll(prefixes);
        blobs.removeIf(found -> !canBeEntry(found.name));
        return blobs;
    }

    /** @return false if a claim on the name is needed first */
    private boolean addFromStore(Found found, long askedAtNanos, long entryChanges) {
        if (wasRemovedSince(found.name, askedAtNanos)) {
            return true;
        }
        Inode inode = markerInMemory(found, askedAtNanos);
        if (inode == null) {
            inode = lookups.adoptListed(directory, found.name, kindOf(found), found.blob, askedAtNanos, entryChanges);
        }
        if (inode == null) {
            return false;
        }
        add(found.name, inode);
        tree.inodes().unpin(inode, 1);
        return true;
    }

    /** With a claim on the name, whoever is removing it is done, and what is remembered of it is true. */
    private void addClaimed(Found found, long askedAtNanos) throws ForebayException {
        try (PathClaims.Claim _ = tree.claims().toUse(directory, found.name)) {
            if (!names.contains(found.name) && !wasRemovedSince(found.name, askedAtNanos)) {
                Inode inode = lookups.adopt(directory, found.name, kindOf(found), found.blob, askedAtNanos);
                inode.expireIfOlderThan(askedAtNanos + 1); // we may have given it another version since
                add(found.name, inode);
                tree.inodes().unpin(inode, 1);
            }
        }
    }

    private static FileKind kindOf(Found found) {
        return found.blob == null ? FileKind.DIRECTORY : PosixAttributes.kindOf(found.blob);
    }

    /**
     * A prefix says that there is a directory, but not whether it has a marker, since a container with a hierarchical
     * namespace never lists one. What we know of a marker is shown once more, and asked for again.
     *
     * @return pinned; null if {@code found} is to be taken at its word
     */
    private @Nullable Inode markerInMemory(Found found, long askedAtNanos) {
        Inode known = tree.inodes().find(directory, found.name);
        if (found.blob != null || known == null || !known.isDirectory() || known.etag() == null || !known.pin()) {
            return null;
        }
        known.expireIfOlderThan(askedAtNanos);
        return known;
    }

    /** Blob names can have segments that no directory entry can: those blobs are not shown. */
    private boolean canBeEntry(String name) {
        try {
            Tree.blobName(directory, name);
            return true;
        } catch (ForebayException unusable) {
            return false;
        }
    }

    /** Whether the entry is known to be gone since a moment after {@code nanos}. */
    private boolean wasRemovedSince(String name, long nanos) {
        Long absentSince = tree.names().absentSinceNanos(directory, name);
        return absentSince != null && absentSince - nanos >= 0;
    }

    /** The files in this directory that no blob stands for yet. */
    private List<Inode> uncommitted() {
        return tree.uncommitted().stream().filter(this::isHere).toList();
    }

    private boolean isHere(Inode inode) {
        Inode.Place place = inode.place();
        return place != null && place.parent() == directory && !inode.isUnlinked();
    }

    private void addUncommitted(Inode inode) {
        Inode.Place place = inode.place();
        if (place != null && isHere(inode) && !names.contains(place.name())) {
            add(place.name(), inode);
        }
    }

    private void add(String name, Inode inode) {
        names.add(name);
        entries.add(new Entry(name, inode.attributes()));
    }
}
