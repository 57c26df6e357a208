package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.UploadAhead;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the blocks of large new files while they are still being written, where somebody waits at close(2) until the file is
 * in the store: then the store and the writer are busy at the same time, and little is left to wait for.
 *
 * <p>Not where files are kept locally first: they are often renamed right after they were closed, and blocks belong to a name.
 *
 * <p>One virtual thread for each file that is open for writing, parked but for a look now and then.
 */
final class StagingAhead {
    private static final Logger LOG = LoggerFactory.getLogger(StagingAhead.class);

    /**
     * Between two looks, by the machine's clock, since the kernel writes without telling anybody. Before the first one small
     * files are closed.
     */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Tree tree;
    private final Map<SharedContent, Sending> sending = new ConcurrentHashMap<>();

    StagingAhead(Tree tree) {
        this.tree = tree;
    }

    /** Somebody writes it from now on. */
    void begin(Inode inode, SharedContent content) {
        sending.computeIfAbsent(
                content, _ -> new Sending(content, tree.uploader().ahead(inode.blobName())));
    }

    /**
     * It is to be committed: waits for what is being sent, at most as long as one request may take.
     *
     * @return the upload that was begun; empty if there is none
     */
    Optional<UploadAhead> end(SharedContent content) throws ForebayException {
        Sending begun = sending.remove(content);
        if (begun == null) {
            return Optional.empty();
        }
        begun.end();
        return Optional.of(begun.upload);
    }

    /** It is about to be closed: nothing of it is read when this returns. */
    void drop(SharedContent content) {
        Sending begun = sending.remove(content);
        if (begun != null) {
            begun.breakOff();
        }
    }

    /** A file that is being written. */
    private static final class Sending {
        private final SharedContent content;
        private final UploadAhead upload;
        private final Thread thread;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition ending = lock.newCondition();
        private boolean ended;

        Sending(SharedContent content, UploadAhead upload) {
            this.content = content;
            this.upload = upload;
            this.thread = Thread.ofVirtual().name("ahead " + upload.name()).start(this::run);
        }

        private void run() {
            try {
                while (!endsWithin(PAUSE)) {
                    sendWhatIsThere();
                }
            } catch (ForebayException failure) {
                LOG.debug("the rest is sent at close name={} reason={}", upload.name(), failure.getMessage());
            } catch (InterruptedException _) {
                LOG.debug("what was sent is not used name={}", upload.name());
            } catch (RuntimeException unforeseen) {
                LOG.error("sending a file while it is written broke name={}", upload.name(), unforeseen);
            }
        }

        private void sendWhatIsThere() throws ForebayException {
            boolean more = true;
            while (more) {
                more = content.bytes().sendAhead(upload);
            }
        }

        private boolean endsWithin(Duration pause) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long leftNanos = pause.toNanos();
                while (!ended && leftNanos > 0) {
                    leftNanos = ending.awaitNanos(leftNanos);
                }
                return ended;
            } finally {
                lock.unlock();
            }
        }

        /** The content holds still, so that nothing more is found to send. */
        void end() throws ForebayException {
            lock.lock();
            try {
                ended = true;
                ending.signalAll();
            } finally {
                lock.unlock();
            }
            try {
                thread.join();
            } catch (InterruptedException interrupt) {
                breakOff();
                Thread.currentThread().interrupt();
                throw new ForebayException.Interrupted("the upload was still under way", interrupt);
            }
        }

        void breakOff() {
            boolean interrupted = false;
            while (thread.isAlive()) {
                thread.interrupt();
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
