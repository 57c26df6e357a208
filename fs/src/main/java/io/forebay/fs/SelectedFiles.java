package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that a selection means, from listings that name 5,000 of them at once with size and etag. No inode is
 * made for them: to look at a million files costs 200 requests and no memory.
 */
final class SelectedFiles {
    /** The page that Azure gives at most. */
    private static final int PAGE_ENTRIES = 5_000;

    /** Takes what is found. */
    interface Visitor {
        /**
         * Some files.
         *
         * @param page where they are listed, for whoever would rather list them again than remember them
         */
        void found(List<BlobVersion> files, Optional<Page> page) throws ForebayException;

        /** Something that was named is not there or cannot be looked at. */
        void failed(String path, ForebayException reason);
    }

    /**
     * One page of a listing without directories.
     *
     * @param pattern what of it is meant; empty for all
     */
    record Page(String prefix, @Nullable String continuation, Optional<Glob> pattern) {}

    private record Listed(List<BlobVersion> files, @Nullable String continuation) {}

    private final Tree tree;
    private final PathResolution paths;

    SelectedFiles(Tree tree, PathResolution paths) {
        this.tree = tree;
        this.paths = paths;
    }

    /** Shows every file, page by page; a file that is meant twice may be shown twice. */
    void visit(Selection selection, Visitor visitor) throws ForebayException {
        for (Selection.Part part : selection.parts()) {
            try {
                visit(part, visitor);
            } catch (ForebayException.Interrupted stop) {
                throw stop;
            } catch (ForebayException failure) {
                visitor.failed(part.path().isEmpty() ? "/" : part.path(), failure);
            }
        }
    }

    private void visit(Selection.Part part, Visitor visitor) throws ForebayException {
        Inode inode;
        try {
            inode = paths.find(part.path());
        } catch (ForebayException.NotFound | ForebayException.NotADirectory missing) {
            if (part.pattern().isEmpty()) {
                throw missing;
            }
            visitPattern(part.pattern().get(), visitor);
            return;
        }
        try {
            if (inode.isDirectory()) {
                visitPages(new Page(inode.blobPrefix(), null, Optional.empty()), visitor);
            } else {
                BlobVersion version = versionOf(inode);
                visitor.found(version == null ? List.of() : List.of(version), Optional.empty());
            }
        } finally {
            tree.inodes().unpin(inode, 1);
        }
    }

    private void visitPattern(Glob pattern, Visitor visitor) throws ForebayException {
        if (visitPages(new Page(pattern.prefix(), null, Optional.of(pattern)), visitor) == 0) {
            throw new ForebayException.NotFound("nothing matches '" + pattern.text() + "'");
        }
    }

    /** @return how many files there were */
    private long visitPages(Page first, Visitor visitor) throws ForebayException {
        long count = 0;
        @Nullable Page page = first;
        while (page != null) {
            Listed listed = request(page);
            if (!listed.files.isEmpty()) {
                visitor.found(listed.files, Optional.of(page));
                count += listed.files.size();
            }
            page = listed.continuation == null ? null : new Page(first.prefix, listed.continuation, first.pattern);
        }
        return count;
    }

    /** The files of one page, once more. Since it was first listed some may have come or gone. */
    List<BlobVersion> list(Page page) throws ForebayException {
        return request(page).files;
    }

    private Listed request(Page page) throws ForebayException {
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("stopped while listing");
        }
        ListPage listed = tree.store().list(page.prefix, null, page.continuation, PAGE_ENTRIES, tree.deadline());
        List<BlobVersion> files = new ArrayList<>();
        for (ListEntry entry : listed.entries()) {
            boolean wanted = page.pattern.isEmpty() || page.pattern.get().matches(entry.name());
            if (wanted && entry instanceof ListEntry.Blob(BlobProperties blob)) {
                add(blob, files);
            }
        }
        return new Listed(files, listed.continuation());
    }

    private void add(BlobProperties blob, List<BlobVersion> files) throws ForebayException {
        switch (PosixAttributes.kindOf(blob)) {
            case DIRECTORY -> {}
            case FILE ->
                files.add(new BlobVersion(tree.store().displayName(), blob.name(), blob.etag(), blob.lengthBytes()));
            case SYMLINK -> addTarget(blob.name(), files);
            case FIFO, SOCKET -> {} // nothing to fetch
        }
    }

    /** A symlink to a file means that file, so that a folder of links can be named; one to a directory means nothing. */
    private void addTarget(String symlink, List<BlobVersion> files) throws ForebayException {
        try {
            Inode target = paths.find(symlink);
            try {
                BlobVersion version = target.isDirectory() ? null : versionOf(target);
                if (version != null) {
                    files.add(version);
                }
            } finally {
                tree.inodes().unpin(target, 1);
            }
        } catch (ForebayException.NotFound | ForebayException.NotADirectory | ForebayException.InvalidArgument _) {
            // It dangles, or leads out of the mount: there is nothing behind it that could be brought here.
        }
    }

    /** What the store has of {@code file}; null if nothing is committed yet. */
    private @Nullable BlobVersion versionOf(Inode file) {
        synchronized (file) {
            Etag etag = file.etag();
            return etag == null
                    ? null
                    : new BlobVersion(tree.store().displayName(), file.blobName(), etag, file.committedBytes());
        }
    }
}
