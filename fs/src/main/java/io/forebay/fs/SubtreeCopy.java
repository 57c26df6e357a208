package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Precondition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies all blobs of a directory to another name, and deletes the originals when every copy is whole. */
final class SubtreeCopy {
    private static final Logger LOG = LoggerFactory.getLogger(SubtreeCopy.class);

    /** Requests under way at once: enough to hide 20 ms of latency behind 1,000 small blobs a second. */
    private static final int PARALLEL_REQUESTS = 16;

    private static final int PAGE_ENTRIES = 5_000;

    /** A blob as it was, and its copy. */
    record Copied(BlobProperties original, BlobProperties copy) {}

    /** One request about one item. */
    @FunctionalInterface
    private interface Step<T> {
        void run(T item) throws ForebayException;
    }

    private final Tree tree;

    SubtreeCopy(Tree tree) {
        this.tree = tree;
    }

    /**
     * Copies everything below {@code from}, then its marker, so that a marker that stands at {@code to} is not touched
     * before all the rest is whole. On failure the copies are removed again.
     *
     * @return by the name of the original
     */
    Map<String, Copied> copy(String from, String to) throws ForebayException {
        Map<String, Copied> copies = new ConcurrentHashMap<>();
        Step<BlobProperties> step = original -> {
            BlobProperties copy = copyOne(original, to + original.name().substring(from.length()));
            copies.put(original.name(), new Copied(original, copy));
        };
        try {
            forEach(originals(from), step);
            forEach(marker(from), step);
            return copies;
        } catch (ForebayException failure) {
            undo(copies);
            throw failure;
        }
    }

    private List<BlobProperties> originals(String from) throws ForebayException {
        List<BlobProperties> blobs = new ArrayList<>();
        String continuation = null;
        do {
            ListPage page = tree.store().list(from + "/", null, continuation, PAGE_ENTRIES, tree.deadline());
            for (ListEntry entry : page.entries()) {
                if (entry instanceof ListEntry.Blob(BlobProperties blob)) {
                    blobs.add(blob);
                }
            }
            continuation = page.continuation();
        } while (continuation != null);
        return blobs;
    }

    /** The marker, unless somebody removed it. */
    private List<BlobProperties> marker(String from) throws ForebayException {
        try {
            return List.of(tree.store().head(from, tree.deadline()));
        } catch (ForebayException.NotFound _) {
            return List.of();
        }
    }

    private BlobProperties copyOne(BlobProperties original, String to) throws ForebayException {
        BlobProperties copy = tree.store()
                .copy(
                        original.name(),
                        Precondition.ifMatch(original.etag()),
                        to,
                        Precondition.none(),
                        tree.transferDeadline(original.lengthBytes()));
        if (copy.lengthBytes() != original.lengthBytes()) {
            throw new ForebayException.Corrupt("the copy of '" + original.name() + "' has " + copy.lengthBytes()
                    + " bytes instead of " + original.lengthBytes() + "; the original was kept");
        }
        return copy;
    }

    private void undo(Map<String, Copied> copies) {
        try {
            forEach(copies.values(), copied -> delete(copied.copy()));
        } catch (ForebayException failure) {
            LOG.warn("cannot remove the copies of a rename that failed reason={}", failure.getMessage());
        }
    }

    /**
     * Deletes what was copied; an original that was changed meanwhile is kept.
     *
     * @return whether nothing had to be kept
     */
    boolean deleteSources(Map<String, Copied> copies) throws ForebayException {
        AtomicBoolean kept = new AtomicBoolean();
        forEach(copies.values(), copied -> {
            if (!delete(copied.original())) {
                kept.set(true);
            }
        });
        return !kept.get();
    }

    /** @return false if the blob was changed meanwhile, and kept */
    private boolean delete(BlobProperties blob) throws ForebayException {
        try {
            tree.store().delete(blob.name(), Precondition.ifMatch(blob.etag()), tree.deadline());
            return true;
        } catch (ForebayException.NotFound _) {
            return true; // somebody else removed it
        } catch (ForebayException.Changed changed) {
            LOG.warn("kept the source of a rename name={} reason={}", blob.name(), changed.getMessage());
            return false;
        }
    }

    /** Runs {@code step} for all items, some at once, to the end; then reports the first failure. */
    private static <T> void forEach(Collection<T> items, Step<T> step) throws ForebayException {
        Semaphore free = new Semaphore(PARALLEL_REQUESTS);
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (T item : items) {
                free.acquire();
                running.add(requests.submit(() -> {
                    try {
                        step.run(item);
                        return null;
                    } finally {
                        free.release();
                    }
                }));
            }
            for (Future<@Nullable Void> future : running) {
                future.get();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while moving a directory", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ForebayException failure
                    ? failure
                    : new ForebayException.Unexpected("cannot move a directory", failed.getCause());
        }
    }
}
