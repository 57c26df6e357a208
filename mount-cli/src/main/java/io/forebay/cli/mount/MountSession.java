package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one mount, from the moment when a door opens to the last upload.
 *
 * <p>Three threads meet here: the one that calls {@link #run} and serves; one that stats the mount point as soon as the
 * kernel has it; and, when a signal comes, one that calls {@link #stop}. {@code outcome} is where they meet.
 */
public final class MountSession {
    private static final Logger LOG = LoggerFactory.getLogger(MountSession.class);

    /** How long users of a busy mount may go on after a signal; then their handles are uploaded as they are. */
    private static final Duration BUSY_GRACE = Duration.ofSeconds(5);

    private final MountParts parts;
    private final MountRecords records;
    private final MountCompanion companion;
    private final Duration readyWithin;
    private final Runnable announce;

    private final CountDownLatch served = new CountDownLatch(1);
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private final AtomicReference<@Nullable Thread> readiness = new AtomicReference<>();
    private final AtomicReference<@Nullable ForebayException> neverAnswered = new AtomicReference<>();
    /** Written by the thread that asks for the first answer, when it is known which door serves. */
    private volatile MountRecord record;

    /**
     * A session that has not begun.
     *
     * @param record what is put on record when the mount answers
     * @param companion lives beside the mount
     * @param readyWithin how long the mount may take to answer its first request
     * @param announce called once, when the mount answers and is on record
     */
    public MountSession(
            MountParts parts,
            MountRecord record,
            MountRecords records,
            MountCompanion companion,
            Duration readyWithin,
            Runnable announce) {
        this.parts = parts;
        this.record = record;
        this.records = records;
        this.companion = companion;
        this.readyWithin = readyWithin;
        this.announce = announce;
    }

    /**
     * Mounts, serves until unmounted, and finishes all uploads.
     *
     * @return whether everything has been uploaded
     * @throws ForebayException if the mount never answered; nothing is mounted then
     */
    public boolean run() throws ForebayException {
        try {
            parts.door().serve(record.mountPoint(), this::whenMounted);
        } catch (ForebayException notMounted) {
            neverAnswered.compareAndSet(null, notMounted);
        } finally {
            served.countDown();
        }
        boolean uploaded = finish();
        @Nullable ForebayException failure = neverAnswered.get();
        if (failure != null) {
            throw failure;
        }
        return uploaded;
    }

    /**
     * Unmounts, and waits until {@link #run} has finished the uploads. If the mount is still busy after a while, the
     * uploads are finished here and whoever still uses it loses it.
     *
     * @return whether the mount answered once and everything has been uploaded
     */
    public boolean stop() {
        if (!outcome.isDone()) {
            LOG.info("stopping mount_point={}", record.mountPoint());
            parts.door().unmount();
            awaitServed();
        }
        return finish() && neverAnswered.get() == null;
    }

    private void awaitServed() {
        try {
            if (!served.await(BUSY_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "mount is still busy, finishing uploads without its users mount_point={}", record.mountPoint());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Held while uploads run, on purpose: whoever comes second waits for the one result. */
    private synchronized boolean finish() {
        if (!outcome.isDone()) {
            outcome.complete(finishOnce());
        }
        return outcome.join();
    }

    private boolean finishOnce() {
        joinReadiness();
        companion.close();
        try {
            parts.finish();
        } catch (ForebayException failure) {
            LOG.error("uploads failed mount_point={} reason={}", record.mountPoint(), failure.getMessage(), failure);
            note(record.failed(failure.getMessage()));
            return false;
        }
        LOG.info("unmounted mount_point={}", record.mountPoint());
        try {
            records.remove(record.mountPoint());
        } catch (ForebayException kept) {
            LOG.warn("record stays behind reason={}", kept.getMessage());
        }
        return true;
    }

    private void note(MountRecord failed) {
        try {
            records.write(failed);
        } catch (ForebayException lost) {
            LOG.warn("failure could not be put on record reason={}", lost.getMessage());
        }
    }

    private void whenMounted() {
        Thread thread = Thread.ofPlatform().daemon().name("readiness").unstarted(this::becomeReady);
        readiness.set(thread);
        thread.start();
    }

    private void becomeReady() {
        try {
            awaitAnswer(record.mountPoint());
            record = record.through(parts.door().name());
            companion.open();
            records.write(record);
            LOG.info(
                    "mounted store={} mount_point={} door={} cache_path={}",
                    record.store(),
                    record.mountPoint(),
                    record.door(),
                    record.cachePath());
            announce.run();
        } catch (ForebayException failure) {
            neverAnswered.set(failure);
            parts.door().unmount();
        }
    }

    /** Asks from a thread of its own, because a call into a file system that does not answer cannot be called off. */
    private void awaitAnswer(Path mountPoint) throws ForebayException {
        CompletableFuture<@Nullable ForebayException> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("first-stat").start(() -> {
            try {
                Files.getAttribute(mountPoint, "unix:ino");
                answer.complete(null);
            } catch (IOException failed) {
                answer.complete(LocalDisk.failed("the mount does not answer", mountPoint, failed));
            }
        });
        answer.completeOnTimeout(
                new ForebayException.Unavailable("the mount at " + mountPoint + " did not answer within "
                        + readyWithin.toSeconds() + " seconds"),
                readyWithin.toMillis(),
                TimeUnit.MILLISECONDS);
        @Nullable ForebayException failure = answer.join();
        if (failure != null) {
            throw failure;
        }
    }

    private void joinReadiness() {
        @Nullable Thread thread = readiness.get();
        if (thread == null) {
            return;
        }
        try {
            thread.join(BUSY_GRACE);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
