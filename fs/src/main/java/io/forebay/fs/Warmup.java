package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.cache.CacheInventory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings selected files into the cache, many at a time, each as if somebody had opened it and read it to its end.
 *
 * <p>One thread lists, so that soon all is counted; the caller's thread hands files to workers. Of what is listed ahead
 * only so much is remembered: pages behind that are listed once more when their turn comes, so that a selection of any
 * size takes the same memory.
 */
final class Warmup {
    private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);

    /** Files that are brought at once. Small ones cost one round trip each, and large ones share the cache's budget. */
    private static final int FILES_AT_ONCE = 32;
    /** Files that are remembered while they wait: 4 pages, some 5 MB. */
    static final int MAX_REMEMBERED = 20_000;
    /** Every fetch has a limit of its own; the file as a whole may take as long as it takes. */
    private static final Duration NO_LIMIT = Duration.ofDays(365);

    /**
     * Files that wait for their turn: remembered, or to be listed again.
     *
     * @param page where to list them, if {@code files} are not remembered
     * @param isEnd whether nothing comes any more
     */
    private record Batch(List<BlobVersion> files, Optional<SelectedFiles.Page> page, boolean isEnd) {
        static Batch of(List<BlobVersion> files) {
            return new Batch(files, Optional.empty(), false);
        }

        static Batch later(Optional<SelectedFiles.Page> page) {
            return new Batch(List.of(), page, false);
        }

        static Batch end() {
            return new Batch(List.of(), Optional.empty(), true);
        }
    }

    private final Tree tree;
    private final CacheInventory inventory;
    private final SelectedFiles selected;
    private final SteeringProgress progress;
    private final int maxRemembered;
    /** When what comes is to be pinned: since when, in seconds since 1970. */
    private final OptionalLong pinSeconds;

    /** Unbounded, but what is not remembered is small: one entry for 5,000 files. */
    private final LinkedBlockingQueue<Batch> waiting = new LinkedBlockingQueue<>();

    private final AtomicInteger remembered = new AtomicInteger();
    private final Semaphore slots = new Semaphore(FILES_AT_ONCE);
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ForebayException ended;

    /**
     * @param pinSeconds for everything to be pinned: the least that its last use counts as; empty for it not to be
     * @param maxRemembered how many files that wait are remembered
     */
    Warmup(
            Tree tree,
            CacheInventory inventory,
            SelectedFiles selected,
            SteeringProgress progress,
            OptionalLong pinSeconds,
            int maxRemembered) {
        this.tree = tree;
        this.inventory = inventory;
        this.selected = selected;
        this.progress = progress;
        this.pinSeconds = pinSeconds;
        this.maxRemembered = maxRemembered;
    }

    /**
     * Returns when everything was tried.
     *
     * @throws ForebayException.Interrupted if the thread was interrupted; nothing goes on then, and what came stays
     * @throws ForebayException.NoSpace if the cache disk is full
     */
    void run(Selection selection) throws ForebayException {
        Thread lister = Thread.ofVirtual().name("warmup list").start(() -> list(selection));
        try {
            for (Batch batch = waiting.take(); !batch.isEnd(); batch = waiting.take()) {
                bringAll(batch);
            }
            slots.acquire(FILES_AT_ONCE);
            slots.release(FILES_AT_ONCE);
        } catch (InterruptedException stop) {
            stopWorkers(lister);
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("the warm-up was stopped", stop);
        }
        @Nullable ForebayException reason = ended;
        if (reason != null) {
            throw reason;
        }
    }

    private void stopWorkers(Thread lister) {
        lister.interrupt();
        workers.forEach(Thread::interrupt);
        slots.acquireUninterruptibly(FILES_AT_ONCE);
    }

    private void list(Selection selection) {
        try {
            selected.visit(selection, new SelectedFiles.Visitor() {
                @Override
                public void found(List<BlobVersion> files, Optional<SelectedFiles.Page> page) {
                    files.forEach(file -> progress.found(file.lengthBytes()));
                    boolean forget = page.isPresent() && remembered.get() + files.size() > maxRemembered;
                    if (!forget) {
                        remembered.addAndGet(files.size());
                    }
                    waiting.add(forget ? Batch.later(page) : Batch.of(files));
                }

                @Override
                public void failed(String path, ForebayException reason) {
                    progress.failed(path, reason.getMessage());
                }
            });
            progress.foundAll();
        } catch (ForebayException stopped) {
            LOG.debug("warm-up was stopped while it listed reason={}", stopped.getMessage());
        } catch (RuntimeException | Error unforeseen) {
            ended = new ForebayException.Unexpected("listing for a warm-up broke", unforeseen);
        } finally {
            waiting.add(Batch.end());
        }
    }

    private void bringAll(Batch batch) throws InterruptedException {
        List<BlobVersion> files = batch.files;
        if (batch.page.isPresent() && ended == null) {
            try {
                files = selected.list(batch.page.get());
            } catch (ForebayException.Interrupted stop) {
                throw new InterruptedException(stop.getMessage());
            } catch (ForebayException failure) {
                progress.failed(batch.page.get().prefix(), failure.getMessage());
            }
        }
        for (BlobVersion file : files) {
            slots.acquire();
            if (batch.page.isEmpty()) {
                remembered.decrementAndGet();
            }
            if (ended != null) {
                slots.release();
                continue;
            }
            Thread worker = Thread.ofVirtual().name("warmup " + file.name()).unstarted(() -> work(file));
            workers.add(worker);
            worker.start();
        }
    }

    private void work(BlobVersion file) {
        try {
            bring(file);
        } catch (ForebayException.NoSpace full) {
            ended = full; // nothing else will fit, and to try would only cost requests
        } catch (ForebayException failure) {
            progress.failed(file.name(), failure.getMessage());
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("a warm-up broke name={}", file.name(), unforeseen);
            progress.failed(file.name(), "unforeseen: " + unforeseen);
        } finally {
            workers.remove(Thread.currentThread());
            slots.release();
        }
    }

    private void bring(BlobVersion file) throws ForebayException {
        long before = inventory.presentBytes(file);
        if (isHere(tree, file, before)) {
            pin(file);
            progress.present(file.lengthBytes());
            return;
        }
        LongSupplier arrived = () -> Math.max(0, inventory.presentBytes(file) - before);
        progress.presentInPart(before);
        progress.begin(arrived);
        try {
            tree.cache().bring(file, Deadline.after(NO_LIMIT, tree.clock()));
            pin(file);
        } finally {
            progress.end(arrived);
        }
        progress.done(file.lengthBytes() - before);
    }

    private void pin(BlobVersion file) throws ForebayException {
        if (pinSeconds.isEmpty() || file.lengthBytes() == 0) {
            return; // of what is empty nothing is kept
        }
        if (isWrittenHere(tree, file)) {
            throw new ForebayException.Unavailable("has changes that are not uploaded yet; pin it once they are");
        }
        tree.cache().pin(file, pinSeconds.getAsLong(), Deadline.after(NO_LIMIT, tree.clock()));
    }

    /** Whether nothing of {@code file} has to be fetched. What is written here is newer than what the store lists. */
    static boolean isHere(Tree tree, BlobVersion file, long presentBytes) {
        return presentBytes == file.lengthBytes() || isWrittenHere(tree, file);
    }

    private static boolean isWrittenHere(Tree tree, BlobVersion file) {
        Inode inode = PathResolution.peek(tree, file.name());
        return inode != null && inode.isAheadOfStore();
    }
}
