package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that have sent a request which decides what a blob is, and wait for its answer. Who needs the name of the file
 * waits for it too: a request that is broken off may still take effect, even after the store has said that it did not, and
 * bring back a file that was removed.
 */
final class DecidingRequests {
    /** A store that does not answer sooner is most likely not going to. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    /** A number for each request, by the thread that waits for its answer. Guarded by the lock. */
    private final Map<Thread, Long> sending = new HashMap<>();

    private long begun;

    /**
     * To be called before the request is sent.
     *
     * @throws ForebayException.Interrupted if somebody needs the name; nothing is to be sent then
     */
    void begin() throws ForebayException {
        lock.lock();
        try {
            Thread me = Thread.currentThread();
            if (me.isInterrupted()) {
                throw new ForebayException.Interrupted("interrupted before the commit was sent");
            }
            sending.put(me, begun++);
        } finally {
            lock.unlock();
        }
    }

    /** The answer has come, or will not. */
    void end() {
        lock.lock();
        try {
            sending.remove(Thread.currentThread());
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts {@code thread}: at once, or, if it is about to know, when that takes too long. Waits for nothing. */
    void interrupt(Thread thread) {
        lock.lock();
        try {
            Long request = sending.get(thread);
            if (request == null) {
                thread.interrupt();
            } else {
                Thread.ofVirtual().name("patience").start(() -> interruptLater(thread, request));
            }
        } finally {
            lock.unlock();
        }
    }

    private void interruptLater(Thread thread, Long request) {
        lock.lock();
        try {
            long leftNanos = PATIENCE.toNanos();
            while (leftNanos > 0 && request.equals(sending.get(thread))) {
                leftNanos = ended.awaitNanos(leftNanos);
            }
            if (request.equals(sending.get(thread))) {
                thread.interrupt();
            }
        } catch (InterruptedException nobodyDoesThis) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
