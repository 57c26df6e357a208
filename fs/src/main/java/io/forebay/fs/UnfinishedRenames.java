package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.PendingFile;
import io.forebay.cache.RenameRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries on, behind the scenes, renames of directories that an earlier process left unfinished. Whoever asks for one of the
 * names waits, as if that process still renamed.
 *
 * <p>One virtual thread, which holds all the names while it is at work, and none while it waits for the store to be better.
 */
final class UnfinishedRenames {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedRenames.class);

    /** The tree's clock may be moved by hand: it is looked at that often. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /** Requests that are interrupted end before that. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    /** A rename, and where its names are in this tree; the directories that they are in are pinned. */
    private record Unfinished(RenameRecord record, Inode.Place from, Inode.Place to) {}

    private final Tree tree;
    private final Renames renames;
    private final WriteBackSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private final CountDownLatch claimed = new CountDownLatch(1);
    private final CountDownLatch tried = new CountDownLatch(1);
    private boolean stopped;
    private @Nullable Thread thread;

    /** @param settings say when to try again, as for uploads */
    UnfinishedRenames(Tree tree, Renames renames, WriteBackSettings settings) {
        this.tree = tree;
        this.renames = renames;
        this.settings = settings;
    }

    /**
     * {@code file} under its new name, if a rename had come so far that it was getting one: blobs were copied, and nobody has
     * used the names since.
     */
    static Optional<PendingFile> asMoved(PendingFile file, List<RenameRecord> left) {
        return left.stream()
                .filter(record -> record.stage() == RenameRecord.Stage.COPIED)
                .filter(record -> file.name().startsWith(record.names().from() + "/"))
                .findFirst()
                .map(record -> asMoved(file, record));
    }

    private static PendingFile asMoved(PendingFile file, RenameRecord record) {
        String suffix = file.name().substring(record.names().from().length());
        List<RenameRecord.Part> parts = record.parts();
        for (int number = 0; number < parts.size(); number++) {
            RenameRecord.Part part = parts.get(number);
            if (part.suffix().equals(suffix)
                    && file.replaces().equals(Optional.of(part.etag()))
                    && record.copyOf(number).isPresent()) {
                return file.movedTo(record.names().to() + suffix, record.copyOf(number));
            }
        }
        return file.movedTo(record.names().to() + suffix, file.replaces());
    }

    /**
     * Begins with what is {@code left}. When this returns nobody else can get at the names; the store is asked later.
     *
     * @param adoption finds the directories
     */
    void resume(List<RenameRecord> left, Adoption adoption) throws ForebayException {
        if (left.isEmpty()) {
            return;
        }
        List<Unfinished> unfinished = new ArrayList<>();
        for (RenameRecord record : left) {
            RenameRecord.Names names = record.names();
            LOG.warn(
                    "a rename that an earlier mount began is carried on from={} to={} stage={}",
                    names.from(),
                    names.to(),
                    record.stage());
            unfinished.add(new Unfinished(record, adoption.placeOf(names.from()), adoption.placeOf(names.to())));
        }
        Thread carrying = Thread.ofVirtual().name("unfinished renames").unstarted(() -> run(unfinished));
        thread = carrying;
        carrying.start();
        try {
            claimed.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted before the mount began", interrupt);
        }
    }

    /** Returns when each has ended or was tried once. */
    void awaitTry() throws ForebayException {
        if (thread == null) {
            return;
        }
        try {
            tried.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while renames were carried on", interrupt);
        }
    }

    private void run(List<Unfinished> all) {
        List<Unfinished> left = new ArrayList<>(all);
        Duration pause = settings.firstRetry();
        try {
            long triedNanos = tryAll(left);
            tried.countDown();
            while (!left.isEmpty() && awaitTurn(triedNanos + pause.toNanos())) {
                triedNanos = tryAll(left);
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(settings.lastRetry()) < 0 ? doubled : settings.lastRetry();
            }
        } catch (ForebayException | InterruptedException stop) {
            LOG.info("renames of an earlier mount are left to the next one renames={}", left.size());
        } finally {
            claimed.countDown();
            tried.countDown();
            all.forEach(this::letGo);
        }
    }

    /** @return when it had tried, before it let others have the names */
    private long tryAll(List<Unfinished> left) throws ForebayException {
        List<Inode.Place> places = left.stream()
                .flatMap(rename -> Stream.of(rename.from(), rename.to()))
                .toList();
        try (PathClaims.Claim _ = tree.claims().toChange(places)) {
            claimed.countDown();
            left.removeIf(this::carriedOn);
            return tree.clock().nanoTime();
        }
    }

    /** @return false if it is to be tried again */
    private boolean carriedOn(Unfinished rename) {
        RenameRecord.Names names = rename.record().names();
        try {
            if (!names.from().equals(nameOf(rename.from())) || !names.to().equals(nameOf(rename.to()))) {
                LOG.warn("a rename is left to the next mount, since a directory above was moved from={}", names.from());
                return true;
            }
            renames.carryOn(rename.record(), rename.from(), rename.to());
            LOG.info("a rename that an earlier mount began has ended from={} to={}", names.from(), names.to());
            return true;
        } catch (ForebayException failure) {
            LOG.warn(
                    "a rename that an earlier mount began is tried again from={} to={} reason={}",
                    names.from(),
                    names.to(),
                    failure.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("a rename that an earlier mount began broke from={} to={}", names.from(), names.to(), unforeseen);
        }
        return false;
    }

    private static String nameOf(Inode.Place place) throws ForebayException {
        return Tree.blobName(place.parent(), place.name());
    }

    /** @return false if there is to be none */
    private boolean awaitTurn(long dueNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped) {
                long leftNanos = dueNanos - tree.clock().nanoTime();
                if (leftNanos <= 0) {
                    return true;
                }
                long _ = stopping.awaitNanos(Math.min(leftNanos, LONGEST_LOOK.toNanos()));
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void letGo(Unfinished rename) {
        try {
            rename.record().close();
        } catch (ForebayException failure) {
            LOG.debug("the record of a rename was not closed reason={}", failure.getMessage());
        }
        tree.inodes().unpin(rename.from().parent(), 1);
        tree.inodes().unpin(rename.to().parent(), 1);
    }

    /** Returns when nothing is under way; what has not ended stays for the next process. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
        Thread carrying = thread;
        if (carrying == null) {
            return;
        }
        carrying.interrupt();
        try {
            carrying.join(LONGEST_STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
