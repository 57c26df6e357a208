package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.PendingFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads, behind the scenes, files that were closed or synced and are on the local disk only.
 *
 * <p>The one that waits longest goes first, several at once. A failure is tried again for ever, at longer and longer
 * intervals; who closes or syncs the file next is told of it once. A file that somebody else has changed in the store is not
 * tried again: both versions stay until a person decides.
 *
 * <p>One virtual thread hands out the work, and each upload has one of its own; they begin with the first file. The lock is
 * never held over I/O.
 */
final class WriteBack {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBack.class);

    /** The tree's clock may be moved by hand: it is looked at that often. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /**
     * So long may a journal on disk say that files wait which have been uploaded or removed. After a power cut they would be
     * taken for lost, if they were never synced.
     */
    private static final Duration LONGEST_UNSETTLED = Duration.ofSeconds(1);

    /** Requests that are interrupted end before that; what does not goes on with its content under way. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private enum Stage {
        QUEUED,
        UPLOADING,
        CONFLICT
    }

    /** A file that is not in the store as it is here. Guarded by the lock. */
    private static final class Waiting {
        final Inode inode;
        final long number;
        final long sinceNanos;
        long dueNanos;
        Stage stage = Stage.QUEUED;
        int failures;
        /** What the last try came to, until somebody was told. */
        @Nullable
        ForebayException untold;
        /** What the last try came to. */
        String reason = "";

        /** It was changed again while it was being uploaded. */
        boolean again;
        /** Somebody waits for it, also if it is open for writing. */
        boolean wanted;

        @Nullable
        Thread thread;

        Waiting(Inode inode, long number, long nowNanos) {
            this.inode = inode;
            this.number = number;
            this.sinceNanos = nowNanos;
        }
    }

    private final Tree tree;
    private final FileContents contents;
    private final WriteBackSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when there is something else to do, or something is done. */
    private final Condition changed = lock.newCondition();

    private final Map<Inode, Waiting> waiting = new HashMap<>();
    /** A set, since most that come in leave their place again: for the next close, a rename, a removal. */
    private final NavigableSet<Waiting> queue = new TreeSet<>(
            Comparator.<Waiting>comparingLong(file -> file.dueNanos).thenComparingLong(file -> file.number));

    private long numbers;
    private int uploading;
    /** Files wait no more, the first of them since then, and the journal on disk may not know yet. */
    private boolean unsettled;

    private long unsettledNanos;
    private boolean settling;
    private boolean started;
    private boolean stopped;

    WriteBack(Tree tree, FileContents contents, WriteBackSettings settings) {
        this.tree = tree;
        this.contents = contents;
        this.settings = settings;
    }

    /** {@code inode} is kept on the local disk: it is uploaded a little later. */
    void add(Inode inode) {
        lock.lock();
        try {
            Waiting file = waiting(inode);
            switch (file.stage) {
                case UPLOADING -> file.again = true;
                case CONFLICT -> {}
                case QUEUED -> {
                    if (file.failures == 0) {
                        scheduleSoon(file);
                    }
                }
            }
            begin();
        } finally {
            lock.unlock();
        }
    }

    /** An upload of {@code inode} failed just now, and whoever closed it was told: it is tried again later. */
    void addFailed(Inode inode, ForebayException failure) {
        lock.lock();
        try {
            Waiting file = waiting(inode);
            if (file.stage != Stage.UPLOADING) {
                file.failures++;
                fail(file, failure, false);
            }
            begin();
        } finally {
            lock.unlock();
        }
    }

    /** A descriptor that could write {@code inode} is gone: if that was the last, its turn comes sooner. */
    void closed(Inode inode) {
        lock.lock();
        try {
            Waiting file = waiting.get(inode);
            if (file != null && file.stage == Stage.QUEUED && file.failures == 0) {
                scheduleSoon(file);
            }
        } finally {
            lock.unlock();
        }
    }

    private Waiting waiting(Inode inode) {
        return waiting.computeIfAbsent(
                inode, _ -> new Waiting(inode, numbers++, tree.clock().nanoTime()));
    }

    /** The delay is for what comes right after; who comes again and again does not put it off for ever. */
    private void scheduleSoon(Waiting file) {
        long waitedNanos = tree.clock().nanoTime() - file.sinceNanos;
        Duration left = settings.openInterval().minusNanos(waitedNanos);
        Duration delay = left.isNegative() ? Duration.ZERO : left;
        schedule(file, delay.compareTo(settings.delay()) < 0 ? delay : settings.delay());
    }

    private void schedule(Waiting file, Duration delay) {
        queue.remove(file);
        file.stage = Stage.QUEUED;
        file.dueNanos = tree.clock().nanoTime() + delay.toNanos();
        queue.add(file);
        changed.signalAll();
    }

    private void begin() {
        if (!started && !stopped) {
            started = true;
            Thread.ofVirtual().name("write-back").start(this::handOut);
        }
        changed.signalAll();
    }

    /** Whether {@code inode} waits here. */
    boolean has(Inode inode) {
        lock.lock();
        try {
            return waiting.containsKey(inode);
        } finally {
            lock.unlock();
        }
    }

    /** {@code inode} lost its name: nobody needs it in the store any more. */
    void forget(Inode inode) {
        lock.lock();
        try {
            remove(inode);
        } finally {
            lock.unlock();
        }
    }

    /** {@code inode} was committed by somebody else; it goes on waiting if it was changed since. */
    void committed(Inode inode) {
        lock.lock();
        try {
            if (!inode.needsCommit()) { // looked at in here: who changes it now adds it afterwards
                remove(inode);
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(Inode inode) {
        Waiting file = waiting.remove(inode);
        if (file != null) {
            queue.remove(file);
            interrupt(file);
            noteUnsettled();
            changed.signalAll();
        }
    }

    /**
     * Somebody needs the name of {@code inode}, which its upload holds: that ends, and comes again if it is still needed. If
     * its last request is on its way, it ends with the answer.
     */
    void makeWay(Inode inode) {
        lock.lock();
        try {
            Waiting file = waiting.get(inode);
            if (file != null) {
                interrupt(file);
            }
        } finally {
            lock.unlock();
        }
    }

    private void interrupt(Waiting file) {
        if (file.thread != null) {
            contents.deciding().interrupt(file.thread);
        }
    }

    /** Throws what the latest upload of {@code inode} failed with: once, or, if that is a conflict, as long as it is one. */
    void report(Inode inode) throws ForebayException {
        lock.lock();
        try {
            Waiting file = waiting.get(inode);
            ForebayException failure = file == null ? null : file.untold;
            if (file != null && failure != null) {
                file.untold = file.stage == Stage.CONFLICT ? failure : null;
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void handOut() {
        lock.lock();
        try {
            while (!stopped) {
                Waiting next = queue.isEmpty() || uploading >= settings.uploads() ? null : queue.first();
                long now = tree.clock().nanoTime();
                long nextNanos = next == null ? Long.MAX_VALUE : next.dueNanos - now;
                long settleNanos = unsettled ? unsettledNanos + LONGEST_UNSETTLED.toNanos() - now : Long.MAX_VALUE;
                if (settleNanos <= 0) {
                    settle();
                } else if (next != null && nextNanos <= 0) {
                    queue.remove(next);
                    start(next);
                } else if (next == null && !unsettled) {
                    changed.await();
                } else {
                    changed.awaitNanos(Math.min(Math.min(nextNanos, settleNanos), LONGEST_LOOK.toNanos()));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody does; what waits stays in the journal
        } finally {
            lock.unlock();
        }
    }

    /** Has the journal say on disk what waits no more. The lock is let go meanwhile. */
    private void settle() {
        unsettled = false;
        settling = true;
        lock.unlock();
        try {
            tree.cache().sync();
        } catch (ForebayException failure) {
            LOG.debug("the journal of a cache is not synced reason={}", failure.getMessage());
        } finally {
            lock.lock();
            settling = false;
            changed.signalAll();
        }
    }

    private void start(Waiting file) {
        if (contents.isOpenForWriting(file.inode) && !file.wanted && !isOverdue(file)) {
            file.dueNanos = file.sinceNanos + settings.openInterval().toNanos();
            queue.add(file); // or when it is closed
            return;
        }
        file.stage = Stage.UPLOADING;
        file.again = false;
        file.wanted = false;
        uploading++;
        Thread thread = Thread.ofVirtual().name("upload " + file.inode.id()).unstarted(() -> upload(file));
        file.thread = thread;
        thread.start();
    }

    private boolean isOverdue(Waiting file) {
        return tree.clock().nanoTime() - file.sinceNanos
                >= settings.openInterval().toNanos();
    }

    private void upload(Waiting file) {
        ForebayException failure = null;
        try {
            contents.commit(file.inode);
        } catch (ForebayException known) {
            failure = known;
        } catch (RuntimeException | Error unforeseen) {
            failure = new ForebayException.Unexpected("an upload broke", unforeseen);
        }
        boolean needed = file.inode.needsCommit();
        if (failure instanceof ForebayException.Changed) {
            keepAsConflict(file.inode);
        }
        lock.lock();
        try {
            uploading--;
            file.thread = null;
            ended(file, failure, needed);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keepAsConflict(Inode inode) {
        try {
            contents.keeping().keepConflict(inode);
        } catch (ForebayException failure) {
            LOG.warn("a conflict is not written down name={} reason={}", inode.blobName(), failure.getMessage());
        }
    }

    private void ended(Waiting file, @Nullable ForebayException failure, boolean needed) {
        if (waiting.get(file.inode) != file) {
            return; // forgotten meanwhile
        }
        if (failure == null && !needed && !file.again) {
            waiting.remove(file.inode);
            noteUnsettled();
        } else if (failure == null) {
            waiting.remove(file.inode);
            schedule(waiting(file.inode), settings.delay());
        } else if (failure instanceof ForebayException.Interrupted) {
            schedule(file, settings.firstRetry()); // behind those for whom it made way
        } else {
            file.failures++;
            fail(file, failure, true);
        }
    }

    private void noteUnsettled() {
        if (!unsettled) {
            unsettled = true;
            unsettledNanos = tree.clock().nanoTime();
        }
    }

    private void fail(Waiting file, ForebayException failure, boolean untold) {
        file.untold = untold ? failure : null;
        file.reason = String.valueOf(failure.getMessage());
        if (failure instanceof ForebayException.Changed) {
            queue.remove(file);
            file.stage = Stage.CONFLICT;
            file.reason = inConflict(file.reason);
            LOG.error(
                    "somebody else changed a blob that was written here; both are kept name={} reason={}",
                    file.inode.blobName(),
                    failure.getMessage());
            return;
        }
        int doublings = Math.min(file.failures - 1, 16);
        Duration delay = settings.firstRetry().multipliedBy(1L << doublings);
        schedule(file, delay.compareTo(settings.lastRetry()) < 0 ? delay : settings.lastRetry());
        LOG.warn(
                "an upload failed and is tried again name={} failures={} reason={}",
                file.inode.blobName(),
                file.failures,
                failure.getMessage());
    }

    /**
     * Uploads {@code which} at once, and returns when they are in the store, or have been tried.
     *
     * @param progress is told of each, and of those that could not be uploaded
     * @throws ForebayException.Interrupted if the caller was interrupted; the uploads go on
     */
    void flush(Predicate<Inode> which, SteeringProgress progress) throws ForebayException {
        lock.lock();
        try {
            for (Asked file : askFor(which, progress)) {
                while (isUnderWay(file.waiting) && !stopped) {
                    changed.awaitNanos(TimeUnit.SECONDS.toNanos(1));
                }
                if (waiting.get(file.waiting.inode) != file.waiting) {
                    progress.done(file.sizeBytes);
                } else {
                    String reason = file.waiting.reason;
                    progress.failed(file.waiting.inode.blobName(), reason.isEmpty() ? "the mount ends" : reason);
                }
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("still waiting for uploads", interrupt);
        } finally {
            lock.unlock();
        }
    }

    /** A file that somebody waits for. */
    private record Asked(Waiting waiting, long sizeBytes) {}

    private List<Asked> askFor(Predicate<Inode> which, SteeringProgress progress) {
        List<Asked> asked = new ArrayList<>();
        for (Waiting file : waiting.values()) {
            if (which.test(file.inode)) {
                long sizeBytes = file.inode.contentBytes();
                asked.add(new Asked(file, sizeBytes));
                progress.found(sizeBytes);
                file.reason = file.stage == Stage.CONFLICT ? file.reason : "";
                file.wanted = true;
                if (file.stage == Stage.QUEUED) {
                    schedule(file, Duration.ZERO);
                }
            }
        }
        asked.sort(Comparator.comparingLong(file -> file.waiting.number)); // as they go
        begin();
        return asked;
    }

    private boolean isUnderWay(Waiting file) {
        return waiting.get(file.inode) == file && file.stage != Stage.CONFLICT && file.reason.isEmpty();
    }

    /** An earlier process kept {@code inode}: it goes on waiting. */
    void resume(Inode inode, PendingFile kept) {
        lock.lock();
        try {
            long waitedMillis = Math.max(0, tree.clock().now().toEpochMilli() - kept.sinceMillis());
            long sinceNanos = tree.clock().nanoTime() - TimeUnit.MILLISECONDS.toNanos(waitedMillis);
            Waiting file = new Waiting(inode, numbers++, sinceNanos);
            waiting.put(inode, file);
            if (kept.state() == PendingFile.State.CONFLICT) {
                file.stage = Stage.CONFLICT;
                file.reason = inConflict("as an earlier mount found");
                file.untold = new ForebayException.Changed("'" + kept.name() + "': " + file.reason);
            } else {
                scheduleSoon(file);
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    private static String inConflict(String found) {
        return "somebody else has changed it in the store (" + found + "); 'forebay conflicts' decides";
    }

    /** The file that is in conflict and has that name; null if there is none. */
    @Nullable
    Inode conflictAt(String blobName) {
        lock.lock();
        try {
            return waiting.values().stream()
                    .filter(file -> file.stage == Stage.CONFLICT)
                    .map(file -> file.inode)
                    .filter(inode -> inode.blobName().equals(blobName))
                    .findAny()
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /** A person has decided that {@code inode}, which is in conflict, is to be uploaded: {@link #flush} it. */
    void retry(Inode inode, SteeringProgress progress) throws ForebayException {
        lock.lock(); // or it might be in the store before it is asked for
        try {
            Waiting file = waiting.get(inode);
            if (file != null && file.stage == Stage.CONFLICT) {
                file.failures = 0;
                file.untold = null;
                schedule(file, Duration.ZERO);
            }
            flush(inode::equals, progress);
        } finally {
            lock.unlock();
        }
    }

    /** What {@code inode} waits for; null if it does not. */
    PendingUpload.@Nullable State stateOf(Inode inode) {
        lock.lock();
        try {
            Waiting file = waiting.get(inode);
            return file == null ? null : stateOf(file);
        } finally {
            lock.unlock();
        }
    }

    private static PendingUpload.State stateOf(Waiting file) {
        return switch (file.stage) {
            case QUEUED -> file.failures > 0 ? PendingUpload.State.FAILED : PendingUpload.State.WAITING;
            case UPLOADING -> PendingUpload.State.UPLOADING;
            case CONFLICT -> PendingUpload.State.CONFLICT;
        };
    }

    /** What is not in the store yet, in the order in which it will be tried. */
    List<PendingUpload> pending() {
        lock.lock();
        try {
            long now = tree.clock().nanoTime();
            return waiting.values().stream()
                    .sorted(Comparator.comparingLong(file -> file.number))
                    .map(file -> new PendingUpload(
                            file.inode.blobName(),
                            file.inode.contentBytes(),
                            stateOf(file),
                            Duration.ofNanos(now - file.sinceNanos),
                            file.reason))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Begins nothing more, and returns when nothing is under way. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
            waiting.values().forEach(file -> {
                if (file.thread != null) {
                    file.thread.interrupt(); // the next mount finds out what became of it
                }
            });
            long leftNanos = LONGEST_STOP.toNanos();
            while ((uploading > 0 || settling) && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            if (unsettled) {
                settle();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
