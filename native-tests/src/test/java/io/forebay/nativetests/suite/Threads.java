package io.forebay.nativetests.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several threads that start at the same moment. */
final class Threads {
    private static final long LIMIT_SECONDS = 90;

    private Threads() {}

    /** The work of one thread. */
    @FunctionalInterface
    interface Work<T> {
        T run(int index) throws Exception;
    }

    /** Runs {@code work} in {@code count} threads at once; their results in order, or the first failure. */
    static <T> List<T> together(int count, Work<T> work) throws Exception {
        CountDownLatch ready = new CountDownLatch(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                running.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return work.run(index);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
