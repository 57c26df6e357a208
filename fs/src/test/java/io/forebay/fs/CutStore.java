package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kills a process, as far as the store and the disk can tell, at a certain request that changes something: the cache folder
 * is copied in that moment, and from then on no request is answered. What the process still does to its own folder is
 * of no matter; the next one takes the copy.
 */
final class CutStore {
    private static final Set<StoreOperation> CHANGING = EnumSet.of(
            StoreOperation.PUT,
            StoreOperation.STAGE_BLOCK,
            StoreOperation.COMMIT_BLOCKS,
            StoreOperation.COPY,
            StoreOperation.DELETE,
            StoreOperation.SET_METADATA);

    /** Lets nothing be uploaded that is in a directory. */
    static final StoreHook NO_UPLOAD = (operation, name) -> {
        if (operation == StoreOperation.PUT && name.indexOf('/') >= 0) {
            throw new ForebayException.Unavailable("nothing is uploaded");
        }
    };

    /** Where in a request the process dies. */
    enum Moment {
        /** Before the store does it. */
        BEFORE,
        /** When the store has done it, and before anybody hears of it. */
        AFTER
    }

    private final MemoryBlobStore store;
    private final Path cacheFolder;
    private final Path work;
    private int left;
    private @Nullable Path copy;

    private CutStore(MemoryBlobStore store, Path cacheFolder, Path work, int left) {
        this.store = store;
        this.cacheFolder = cacheFolder;
        this.work = work;
        this.left = left;
    }

    /**
     * Cuts off, at the request with that number, from zero, whoever uses {@code store} with that cache.
     *
     * @param work where the copy of the cache goes
     */
    static CutStore at(int number, Moment moment, MemoryBlobStore store, Path cacheFolder, Path work) {
        CutStore cut = new CutStore(store, cacheFolder, work, number);
        store.beforeEffect((operation, _) -> cut.on(operation, moment == Moment.BEFORE));
        store.beforeAnswer((operation, _) -> cut.on(operation, moment == Moment.AFTER));
        return cut;
    }

    /**
     * Cuts off, before the first request of that kind, whoever uses {@code store} with that cache. Nothing is uploaded
     * before, either.
     *
     * @param name of the blob that it is about; empty for any
     */
    static CutStore before(StoreOperation point, String name, MemoryBlobStore store, Path cacheFolder, Path work) {
        CutStore cut = new CutStore(store, cacheFolder, work, 0);
        store.beforeEffect((operation, about) -> {
            cut.on(operation, operation == point && (name.isEmpty() || name.equals(about)));
            NO_UPLOAD.on(operation, about);
        });
        return cut;
    }

    private synchronized void on(StoreOperation operation, boolean here) throws ForebayException {
        if (here && copy == null && CHANGING.contains(operation) && left-- == 0) {
            copy = copyOf(cacheFolder);
        }
        if (copy != null) {
            throw new ForebayException.Unavailable("the process that asks is dead");
        }
    }

    private Path copyOf(Path folder) {
        try {
            Path target = Files.createTempDirectory(work, "cut");
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(found -> !found.equals(folder)).toList()) {
                    Files.copy(file, target.resolve(folder.relativize(file)));
                }
            }
            return target;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether the request came. */
    synchronized boolean happened() {
        return copy != null;
    }

    /** The cache folder as it was then. */
    synchronized Path copy() {
        return Objects.requireNonNull(copy, "nothing was cut off");
    }

    /** The process is gone, and the store answers the next one. */
    PathTree nextMount(PathTree dead) {
        dead.abandon();
        store.beforeEffect(TreeTest.NOTHING);
        store.beforeAnswer(TreeTest.NOTHING);
        return dead.nextMount(copy());
    }
}
