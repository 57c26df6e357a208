package io.forebay.blob.directory;

import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All names that begin with the same segments: a folder of the plain tree and one of the tree set aside, as one.
 *
 * <p>Its children are ordered by their keys: a blob's is its last segment, a folder's its segment and a slash, so that
 * {@code a-b} comes before {@code a/} and what is below it, as names do.
 *
 * @param base what the names begin with; empty, or ends in a slash
 * @param plain the plain folder, if there is one
 * @param aside the folder set aside, which need not exist
 */
record Level(String base, @Nullable Path plain, @Nullable Path aside) {
    /** Some children in order, and whether others come after them. */
    record Batch(List<Child> children, boolean more) {}

    /**
     * A blob or a folder.
     *
     * @param key its place among its siblings
     * @param plain where it lies in the plain tree
     * @param aside where it lies in the tree set aside
     */
    record Child(String key, @Nullable Path plain, @Nullable Path aside) {
        boolean isFolder() {
            return key.endsWith("/");
        }

        Level below(Level parent) {
            return new Level(parent.base + key, plain, aside);
        }

        private Child with(Child other) {
            return new Child(key, plain == null ? other.plain : plain, aside == null ? other.aside : aside);
        }
    }

    /** The first {@code atMost} children, behind the key {@code floor} if there is one, that the request wants to see or look into. */
    Batch next(@Nullable String floor, int atMost, ListingRequest request, Deadline deadline) throws IOException {
        Selection selection = new Selection(floor, atMost, request);
        // The plain tree first: what is moved aside between the two looks is then seen twice rather than never.
        eachEntry(plain, deadline, entry -> addPlain(entry, selection));
        eachEntry(aside, deadline, entry -> addAside(entry, selection));
        return new Batch(List.copyOf(selection.children.values()), selection.more);
    }

    private interface Visitor {
        void visit(Path entry) throws IOException;
    }

    private static void eachEntry(@Nullable Path folder, Deadline deadline, Visitor visitor) throws IOException {
        if (folder == null) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Disk.requireTimeLeft(deadline, "the folder " + folder + " was not listed");
                visitor.visit(entry);
            }
        } catch (NoSuchFileException | NotDirectoryException gone) {
            // Nothing is in it.
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
    }

    private void addPlain(Path entry, Selection selection) throws IOException {
        String segment = String.valueOf(entry.getFileName());
        if (!selection.mayTake(segment) || !entry.equals(entry.resolveSibling(segment))) {
            return; // Not wanted, or a name that is not UTF-8 and so cannot be that of a blob.
        }
        Optional<FileState> state = FileState.of(entry);
        if (state.isPresent() && state.get().isFile()) {
            selection.offer(new Child(segment, entry, null));
        } else if (state.isPresent() && state.get().isFolder()) {
            selection.offer(new Child(segment + "/", entry, null));
        }
    }

    private void addAside(Path entry, Selection selection) throws IOException {
        Optional<String> segment = ContainerFolders.unescaped(String.valueOf(entry.getFileName()));
        if (segment.isEmpty() || !selection.mayTake(segment.get())) {
            return;
        }
        Path leaf = entry.resolve(ContainerFolders.ASIDE_LEAF);
        if (FileState.of(leaf).isPresent()) {
            selection.offer(new Child(segment.get(), null, leaf));
        }
        selection.offer(new Child(segment.get() + "/", null, entry));
    }

    /** The least keys so far, never more than were asked for. */
    private final class Selection {
        private final @Nullable String floor;
        private final int atMost;
        private final ListingRequest request;
        private final TreeMap<String, Child> children = new TreeMap<>();
        private boolean more;

        Selection(@Nullable String floor, int atMost, ListingRequest request) {
            this.floor = floor;
            this.atMost = atMost;
            this.request = request;
        }

        /** Whether a blob or a folder of that segment has a chance; asked before the disk is. */
        boolean mayTake(String segment) {
            String folder = segment + "/";
            if (!wants(segment) && !wants(folder)) {
                return false;
            }
            if (children.size() >= atMost && segment.compareTo(children.lastKey()) > 0) {
                more = true;
                return false;
            }
            return true;
        }

        private boolean wants(String key) {
            if (floor != null && key.compareTo(floor) <= 0) {
                return false;
            }
            if (base.length() + key.length() > BlobName.MAX_CHARS) {
                return false; // Made by hand, and too deep to be a blob.
            }
            return key.endsWith("/") ? request.wantsBelow(base + key) : request.wantsBlob(base + key);
        }

        void offer(Child child) {
            if (!wants(child.key)) {
                return;
            }
            children.merge(child.key, child, Child::with);
            if (children.size() > atMost) {
                children.pollLastEntry();
                more = true;
            }
        }
    }
}
