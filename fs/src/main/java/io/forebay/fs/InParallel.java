package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Requests about many blobs, some at once; how many of them the store gets at once its gate decides. */
final class InParallel {
    /** Under way at once: enough to hide 20 ms of latency behind 800 small blobs a second. */
    private static final int MOST = 16;

    private InParallel() {}

    /** One request about one item. */
    @FunctionalInterface
    interface Step<T> {
        void run(T item) throws ForebayException;
    }

    /**
     * Runs {@code step} for all items. After a failure no other one is begun; those under way are waited for, and the first
     * failure, in the order of the items, is reported.
     */
    static <T> void forEach(Collection<T> items, Step<T> step) throws ForebayException {
        Semaphore free = new Semaphore(MOST);
        AtomicBoolean failed = new AtomicBoolean();
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (T item : items) {
                free.acquire();
                if (failed.get()) {
                    break;
                }
                running.add(requests.submit(() -> {
                    boolean done = false;
                    try {
                        step.run(item);
                        done = true;
                        return null;
                    } finally {
                        if (!done) {
                            failed.set(true); // before the next one may begin
                        }
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
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof ForebayException known
                    ? known
                    : new ForebayException.Unexpected("cannot move a directory", failure.getCause());
        }
    }
}
