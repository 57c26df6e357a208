package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory as one open handle sees them: read page by page from the store as they are asked for, what
 * is not committed yet added at the end. A cookie is a position in this list.
 *
 * <p>Its lock is held over the request for the next page, because nobody else uses the handle meanwhile.
 */
final class DirectoryListing {
    /** The page that Azure gives at most. */
    private static final int PAGE_ENTRIES = 5_000;

    private record Entry(String name, Attributes attributes) {}

    private final Tree tree;
    private final Lookups lookups;
    private final Inode directory;
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable String continuation;
    private boolean atEnd;
    private long startedAtNanos;
    private long entryChangesAtStart;

    DirectoryListing(Tree tree, Lookups lookups, Inode directory) {
        this.tree = tree;
        this.lookups = lookups;
        this.directory = directory;
        this.atEnd = true;
    }

    void read(long cookie, DirectorySink sink) throws ForebayException {
        lock.lock();
        try {
            if (cookie == 0) {
                restart();
            }
            long at = cookie;
            while (at < entries.size() || fetchMore()) {
                Entry entry = entries.get((int) at);
                at++;
                if (!sink.accept(entry.name, entry.attributes, at)) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void restart() {
        entries.clear();
        names.clear();
        continuation = null;
        atEnd = directory.isUnlinked();
        startedAtNanos = tree.clock().nanoTime();
        entryChangesAtStart = directory.entryChanges();
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
        try (PathClaims.Claim _ = tree.claims().toUse(directory)) {
            String prefix = directory.blobPrefix();
            long askedAt = tree.clock().nanoTime();
            ListPage page = tree.store().list(prefix, "/", continuation, PAGE_ENTRIES, tree.deadline());
            for (ListEntry entry : page.entries()) {
                addFromStore(entry, prefix, askedAt);
            }
            continuation = page.continuation();
        }
        if (continuation == null) {
            addUncommitted();
            atEnd = true;
            directory.markComplete(startedAtNanos, entryChangesAtStart);
        }
    }

    private void addFromStore(ListEntry entry, String prefix, long askedAtNanos) {
        String name = entry.name().substring(prefix.length());
        if (entry instanceof ListEntry.Prefix) {
            name = name.substring(0, name.length() - 1);
        }
        if (!canBeEntry(name) || names.contains(name) || wasRemovedSince(name, askedAtNanos)) {
            return;
        }
        Inode inode =
                switch (entry) {
                    case ListEntry.Blob(var blob) ->
                        lookups.adopt(directory, name, PosixAttributes.kindOf(blob), blob, askedAtNanos);
                    case ListEntry.Prefix _ -> implied(name, askedAtNanos);
                };
        add(name, inode);
        tree.inodes().unpin(inode, 1);
    }

    /** A prefix says that there is a directory, but not whether it has a marker: what we know of one stays. */
    private Inode implied(String name, long askedAtNanos) {
        Inode known = tree.inodes().find(directory, name);
        if (known != null && known.isDirectory() && known.etag() != null && known.pin()) {
            return known;
        }
        return lookups.adopt(directory, name, FileKind.DIRECTORY, null, askedAtNanos);
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

    /** Whether we removed the entry after the store was asked for the page that still has it. */
    private boolean wasRemovedSince(String name, long askedAtNanos) {
        Long absentSince = tree.names().absentSinceNanos(directory, name);
        return absentSince != null && absentSince - askedAtNanos >= 0;
    }

    private void addUncommitted() {
        for (Inode inode : tree.uncommitted()) {
            Inode.Place place = inode.place();
            if (place != null && place.parent() == directory && !inode.isUnlinked() && !names.contains(place.name())) {
                add(place.name(), inode);
            }
        }
    }

    private void add(String name, Inode inode) {
        names.add(name);
        entries.add(new Entry(name, inode.attributes()));
    }
}
