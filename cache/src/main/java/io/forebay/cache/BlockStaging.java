package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the blocks of one upload, a few at a time. The first failure stops all of them, and no thread outlives
 * {@link #run}.
 */
final class BlockStaging {
    private final int blocks;
    private final Stage stage;
    private final List<Thread> workers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable ForebayException> failure = new AtomicReference<>();

    BlockStaging(String name, int blocks, int inFlight, Stage stage) {
        this.blocks = blocks;
        this.stage = stage;
        this.workers = IntStream.range(0, Math.min(blocks, inFlight))
                .mapToObj(worker ->
                        Thread.ofVirtual().name("upload " + name + " " + worker).unstarted(this::work))
                .toList();
    }

    /** Returns when all blocks are sent, or when all threads have ended after a failure, which it throws. */
    void run() throws ForebayException {
        workers.forEach(Thread::start);
        boolean interrupted = false;
        for (Thread worker : workers) {
            interrupted |= join(worker);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        ForebayException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    /** Waits for the end of {@code worker}; an interrupt stops the upload, and is reported. */
    private boolean join(Thread worker) {
        boolean interrupted = false;
        while (true) {
            try {
                worker.join();
                return interrupted;
            } catch (InterruptedException interrupt) {
                interrupted = true;
                fail(new ForebayException.Interrupted("the upload was still under way", interrupt));
            }
        }
    }

    private void work() {
        try {
            for (int index = next.getAndIncrement(); index < blocks; index = next.getAndIncrement()) {
                if (failure.get() != null) {
                    return;
                }
                stage.send(index);
            }
        } catch (ForebayException known) {
            fail(known);
        } catch (RuntimeException | Error unforeseen) {
            fail(new ForebayException.Unexpected("the upload of a block broke", unforeseen));
        }
    }

    private void fail(ForebayException reason) {
        if (failure.compareAndSet(null, reason)) {
            workers.forEach(Thread::interrupt);
        }
    }

    /** Sends one block. */
    @FunctionalInterface
    interface Stage {
        void send(int index) throws ForebayException;
    }
}
