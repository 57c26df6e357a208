package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing: a walk through the plain tree and the one set aside, side by side, in the order of names.
 *
 * <p>The walk begins in the deepest folder that the prefix names and goes into nothing that lies before the
 * continuation. It never holds more names of one folder than the page still needs, whatever is in the folder.
 */
final class Listing {
    /** Some more than one at a time where a page is nearly full, since folders may turn out to be empty. */
    private static final int MIN_BATCH = 16;

    private final ListingRequest request;
    private final BlobTree tree;
    private final ContainerFolders folders;
    private final Records records;
    private final Deadline deadline;
    private final List<ListEntry> entries = new ArrayList<>();
    private @Nullable String continuation;

    Listing(ListingRequest request, BlobTree tree, ContainerFolders folders, Records records, Deadline deadline) {
        this.request = request;
        this.tree = tree;
        this.folders = folders;
        this.records = records;
        this.deadline = deadline;
    }

    ListPage page() throws IOException {
        if (!canBegin(request.prefix())) {
            return new ListPage(entries, null);
        }
        String base = request.prefix().substring(0, request.prefix().lastIndexOf('/') + 1);
        List<String> segments = base.isEmpty() ? List.of() : BlobName.segmentsOf(base.substring(0, base.length() - 1));
        walk(new Level(base, tree.plainFolder(segments).orElse(null), folders.asideFolder(segments)));
        return new ListPage(entries, continuation);
    }

    private static boolean canBegin(String prefix) {
        try {
            return prefix.isEmpty() || BlobName.of(prefix).text().equals(prefix);
        } catch (ForebayException noBlobHasSuchAName) {
            return false;
        }
    }

    /** Adds what is in the level and below it, as far as there is room. */
    private void walk(Level level) throws IOException {
        String floor = null;
        boolean more = true;
        while (more) {
            int atMost = Math.max(MIN_BATCH, request.maxEntries() - entries.size() + 1);
            Level.Batch batch = level.next(floor, atMost, request, deadline);
            for (Level.Child child : batch.children()) {
                visit(level, child);
                if (continuation != null) {
                    return;
                }
                floor = child.key();
            }
            more = batch.more();
        }
    }

    private void visit(Level level, Level.Child child) throws IOException {
        String name = level.base() + child.key();
        if (!child.isFolder()) {
            Optional<StoredBlob> blob = found(name, child);
            if (blob.isPresent()) {
                add(new ListEntry.Blob(blob.get().properties()));
            }
        } else if (request.folds(name)) {
            if (holdsBlob(child.below(level))) {
                add(new ListEntry.Prefix(name));
            }
        } else {
            walk(child.below(level));
        }
    }

    private Optional<StoredBlob> found(String name, Level.Child child) throws IOException {
        if (child.plain() != null) {
            Optional<StoredBlob> plain = records.versionAt(name, child.plain());
            if (plain.isPresent()) {
                return plain;
            }
            // Moved aside since it was seen, perhaps.
            return tree.find(BlobName.of(name));
        }
        return child.aside() == null ? Optional.empty() : records.versionAt(name, child.aside());
    }

    private void add(ListEntry entry) {
        if (entries.size() == request.maxEntries()) {
            continuation = request.continuationAfter(entries.getLast());
        } else {
            entries.add(entry);
        }
    }

    private boolean holdsBlob(Level level) throws IOException {
        String floor = null;
        boolean more = true;
        while (more) {
            Level.Batch batch = level.next(floor, MIN_BATCH, ListingRequest.EVERYTHING, deadline);
            for (Level.Child child : batch.children()) {
                if (!child.isFolder() || holdsBlob(child.below(level))) {
                    return true;
                }
                floor = child.key();
            }
            more = batch.more();
        }
        return false;
    }
}
