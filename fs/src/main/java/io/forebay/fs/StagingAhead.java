package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.UploadAhead;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the blocks of large new files while they are still being written, where somebody waits at close(2) until the file is
 * in the store: then the store and the writer are busy at the same time, and little is left to wait for.
 *
 * <p>Not where files are kept locally first: they are often renamed right after they were closed, and blocks belong to a name.
 */
final class StagingAhead {
    private static final Logger LOG = LoggerFactory.getLogger(StagingAhead.class);

    /**
     * The kernel writes without telling anybody, so that there is nothing to wait for but time: that of the machine, whatever
     * the tree's clock says.
     */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Tree tree;
    private final Map<SharedContent, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition pausing = lock.newCondition();

    StagingAhead(Tree tree) {
        this.tree = tree;
    }

    /** Somebody writes it from now on. */
    void begin(Inode inode, SharedContent content) {
        watched.computeIfAbsent(
                content, _ -> new Watched(content, tree.uploader().ahead(inode.blobName())));
        lookOn();
    }

    /** It is to be committed: waits for what is being sent. @return what was sent, if anything was */
    Optional<UploadAhead> end(SharedContent content) throws ForebayException {
        Watched ended = watched.remove(content);
        if (ended == null) {
            return Optional.empty();
        }
        try {
            return ended.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("the upload was still under way", interrupt);
        }
    }

    /** It is about to be closed: nothing of it is read when this returns. */
    void drop(SharedContent content) {
        Watched dropped = watched.remove(content);
        if (dropped != null) {
            dropped.stop();
        }
    }

    private void lookOn() {
        if (!looking.getAndSet(true)) {
            Thread.ofVirtual().name("staging ahead").start(this::look);
        }
    }

    /** As long as there is anything to look at. */
    private void look() {
        try {
            while (!watched.isEmpty()) {
                pause();
                watched.values().forEach(Watched::advance);
            }
        } catch (InterruptedException interrupt) {
            LOG.debug("no file is sent before it is closed any more", interrupt);
        }
        looking.set(false);
        if (!watched.isEmpty()) {
            lookOn();
        }
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long leftNanos = PAUSE.toNanos();
            while (leftNanos > 0) {
                leftNanos = pausing.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A file that is being written. */
    private static final class Watched {
        private final SharedContent content;
        private final UploadAhead upload;
        /** What sends now, or did last; guarded by this object, like what follows. */
        private @Nullable Thread sender;

        private boolean sent;
        private boolean ended;

        Watched(SharedContent content, UploadAhead upload) {
            this.content = content;
            this.upload = upload;
        }

        synchronized void advance() {
            if (!ended && (sender == null || !sender.isAlive())) {
                sender = Thread.ofVirtual().name("ahead " + upload.name()).start(this::send);
            }
        }

        private void send() {
            try {
                while (content.bytes().sendAhead(upload)) {
                    noteSent();
                }
            } catch (ForebayException failure) {
                LOG.debug("the rest is sent at close name={} reason={}", upload.name(), failure.getMessage());
                noteSent();
                endSending();
            }
        }

        private synchronized void noteSent() {
            sent = true;
        }

        private synchronized @Nullable Thread endSending() {
            ended = true;
            return sender;
        }

        Optional<UploadAhead> await() throws InterruptedException {
            Thread last = endSending();
            if (last != null) {
                last.join();
            }
            synchronized (this) {
                return sent ? Optional.of(upload) : Optional.empty();
            }
        }

        void stop() {
            Thread last = endSending();
            boolean interrupted = false;
            while (last != null && last.isAlive()) {
                last.interrupt();
                try {
                    last.join();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
