package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.ListPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory as one open handle sees them: a listing that is still true, or else read page by page from
 * the store as they are asked for, what is not committed yet added at the end. A cookie is a position in this list.
 *
 * <p>Whatever the directory holds, this holds a page or two of it, and, of a directory that is small enough, the list that
 * is remembered for the next who asks. Who goes back behind that lists anew.
 *
 * <p>Its lock is held over the request for the next page, because nobody else uses the handle meanwhile.
 */
final class DirectoryListing {
    /** The page that Azure gives at most. */
    private static final int PAGE_ENTRIES = 5_000;

    /** An entry as it was when its page came. */
    record Entry(String name, Attributes attributes) {}

    private final Tree tree;
    private final Lookups lookups;
    private final Inode directory;
    private final ReentrantLock lock = new ReentrantLock();

    /** The entries from {@link #windowStart} on that were read so far; shared, and never changed, if they are all. */
    private List<Entry> window = List.of();

    private long windowStart;
    /** All entries so far, to be remembered; null once they are too many. */
    private @Nullable List<Entry> all = List.of();
    /** Of when the listing began: they may become blobs on pages that have been read. */
    private List<Inode> uncommittedAtStart = List.of();
    /** Those of them, by name, that the store has shown meanwhile. */
    private final Set<String> committedMeanwhile = new HashSet<>();

    private final ListedOrder order = new ListedOrder();
    private @Nullable String continuation;
    private String listedPrefix = "";
    private volatile boolean atEnd;
    private long startedAtNanos;
    private long entryChangesAtStart;
    private long entryLossesAtStart;

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
            if (cookie < 0) {
                throw new ForebayException.InvalidArgument("there is no position " + cookie + " in a listing");
            }
            if (cookie == 0 || cookie < windowStart || window.isEmpty()) {
                restart();
            }
            long now = tree.clock().nanoTime();
            long at = cookie;
            while (at < windowEnd() || fetchMore()) {
                if (at >= windowEnd()) {
                    continue; // a position that somebody else's listing gave: not yet there, or never
                }
                Entry entry = window.get((int) (at - windowStart));
                at++;
                if (!wasRemovedSince(entry.name, startedAtNanos) && !hand(entry, at, lookUp, now, sink)) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the next page, for the sake of what the tree learns from it; the first call begins the listing.
     *
     * @return false at the end of the directory
     */
    boolean learnPage() throws ForebayException {
        lock.lock();
        try {
            if (window.isEmpty()) {
                restart();
            }
            return fetchMore() && !atEnd;
        } finally {
            lock.unlock();
        }
    }

    /** How many entries were read so far. */
    long position() {
        lock.lock();
        try {
            return windowEnd();
        } finally {
            lock.unlock();
        }
    }

    private long windowEnd() {
        return windowStart + window.size();
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
        windowStart = 0;
        ListingCache.Listing known =
                tree.listings().find(directory, tree.clock().nanoTime(), tree.validityNanos());
        if (known != null) {
            window = known.entries();
            startedAtNanos = known.startedAtNanos();
            atEnd = true;
            return;
        }
        window = new ArrayList<>();
        all = new ArrayList<>();
        order.restart();
        continuation = null;
        listedPrefix = directory.blobPrefix();
        atEnd = directory.isUnlinked();
        startedAtNanos = tree.clock().nanoTime();
        entryChangesAtStart = directory.entryChanges();
        entryLossesAtStart = directory.entryLosses();
        uncommittedAtStart = uncommitted();
        committedMeanwhile.clear();
        Inode.Place place = directory.place();
        add(".", directory);
        add("..", place == null ? directory : place.parent());
    }

    /** @return false at the end of the directory */
    private boolean fetchMore() throws ForebayException {
        long before = windowEnd();
        while (!atEnd && windowEnd() == before) {
            forgetAllButOnePage();
            fetchPage();
        }
        return windowEnd() > before;
    }

    /** A kernel goes back by less than what it asked for at once. */
    private void forgetAllButOnePage() {
        int tooMany = window.size() - PAGE_ENTRIES;
        if (tooMany > 0) {
            window.subList(0, tooMany).clear();
            windowStart += tooMany;
        }
    }

    private void fetchPage() throws ForebayException {
        long askedAt = tree.clock().nanoTime();
        List<ListedName> doubtful = new ArrayList<>();
        try (PathClaims.Claim _ = tree.claims().toUse(directory)) {
            long entryChanges = directory.entryChanges();
            for (ListedName found : requestPage()) {
                if (order.isNew(found.name(), found.blob() == null) && !addFromStore(found, askedAt, entryChanges)) {
                    doubtful.add(found);
                }
            }
        }
        for (ListedName found : doubtful) {
            addClaimed(found, askedAt);
        }
        if (continuation == null) {
            end();
        }
    }

    private void end() {
        Set<Inode> left = new LinkedHashSet<>(uncommittedAtStart);
        left.addAll(uncommitted());
        addUncommitted(left);
        atEnd = true;
        directory.markComplete(startedAtNanos, entryLossesAtStart);
        if (all != null) {
            tree.listings().remember(directory, new ListingCache.Listing(all, startedAtNanos, entryChangesAtStart));
        }
    }

    private List<ListedName> requestPage() throws ForebayException {
        String prefix = directory.blobPrefix();
        if (!prefix.equals(listedPrefix)) { // moved: the rest is under another name
            listedPrefix = prefix;
            continuation = null;
            order.skipWhatWasSeen();
        }
        ListPage page = tree.store().list(prefix, "/", continuation, PAGE_ENTRIES, tree.deadline());
        continuation = page.continuation();
        List<ListedName> found = ListedName.on(page, directory, prefix);
        found.sort(
                (one, other) -> ListedOrder.compare(one.key(), other.key())); // a page has blobs first, then prefixes
        return found;
    }

    /** @return false if a claim on the name is needed first */
    private boolean addFromStore(ListedName found, long askedAtNanos, long entryChanges) throws ForebayException {
        if (wasRemovedSince(found.name(), askedAtNanos)) {
            return true;
        }
        Inode inode = markerInMemory(found, askedAtNanos);
        if (inode == null) {
            inode = lookups.adoptListed(
                    directory, found.name(), found.kind(), found.blob(), askedAtNanos, entryChanges);
        }
        if (inode == null) {
            return false;
        }
        addListed(found.name(), inode);
        return true;
    }

    /** With a claim on the name, whoever is removing it is done, and what is remembered of it is true. */
    private void addClaimed(ListedName found, long askedAtNanos) throws ForebayException {
        try (PathClaims.Claim _ = tree.claims().toUse(directory, found.name())) {
            if (!wasRemovedSince(found.name(), askedAtNanos)) {
                Inode inode = lookups.adopt(directory, found.name(), found.kind(), found.blob(), askedAtNanos);
                inode.expireIfOlderThan(askedAtNanos + 1); // we may have given it another version since
                addListed(found.name(), inode);
            }
        }
    }

    /** Adds an inode that is pinned for us, and lets it go. */
    private void addListed(String name, Inode inode) {
        if (uncommittedAtStart.contains(inode)) {
            committedMeanwhile.add(name);
        }
        add(name, inode);
        tree.inodes().unpin(inode, 1);
    }

    /**
     * A prefix says that there is a directory, but not whether it has a marker, since a container with a hierarchical
     * namespace never lists one. What we know of a marker is shown once more, and asked for again.
     *
     * @return pinned; null if {@code found} is to be taken at its word
     */
    private @Nullable Inode markerInMemory(ListedName found, long askedAtNanos) {
        Inode known = tree.inodes().find(directory, found.name());
        if (found.blob() != null || known == null || !known.isDirectory() || known.etag() == null || !known.pin()) {
            return null;
        }
        known.expireIfOlderThan(askedAtNanos);
        return known;
    }

    /** Whether the entry is known to be gone since a moment after {@code nanos}. */
    private boolean wasRemovedSince(String name, long nanos) {
        Long absentSince = tree.names().absentSinceNanos(directory, name);
        return absentSince != null && absentSince - nanos >= 0;
    }

    /** The files in this directory that no blob stands for yet. */
    private List<Inode> uncommitted() {
        return tree.uncommitted().stream()
                .filter(inode -> inode.isIn(directory))
                .toList();
    }

    /** A name that was listed may have been removed and made again since; of a directory that is too large it comes twice. */
    private void addUncommitted(Set<Inode> files) {
        Set<String> listed = new HashSet<>(committedMeanwhile);
        if (all != null && !files.isEmpty()) {
            all.forEach(entry -> listed.add(entry.name));
        }
        for (Inode file : files) {
            Inode.Place place = file.place();
            if (place != null && file.isIn(directory) && listed.add(place.name())) {
                add(place.name(), file);
            }
        }
    }

    private void add(String name, Inode inode) {
        Entry entry = new Entry(name, inode.attributes());
        window.add(entry);
        if (all != null && all.size() < tree.settings().maxCachedNames()) {
            all.add(entry);
        } else {
            all = null;
        }
    }
}
