package io.forebay.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.forebay.base.error.ForebayException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns many questions about single names of a directory into a listing of it. A program that has its names from an index
 * file, or comes back when all that is known has expired, would else cost a request a name; a page of a listing answers
 * 5,000, and when it is the last one, also for all that are not there.
 *
 * <p>The listing runs in the background, page by page, and only as long as somebody goes on asking. Who asks meanwhile waits
 * for one page, and a limited time, before he asks for his name alone: he is never held up by a directory without end.
 * Nobody who waits here holds a claim.
 */
final class LookupStorms {
    private static final Logger LOG = LoggerFactory.getLogger(LookupStorms.class);

    /**
     * So many questions within the validity of an answer are answered one by one. A listing costs as much time as some
     * four of them, and what it tells is worth it only if there are more to come. Where all of a directory was known, and is
     * one page, the first question is enough: most likely the name is still not there, and to learn that of the name alone
     * takes two requests.
     */
    static final int FEW = 4;

    /** A page that takes longer does not save time any more. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** After a listing that failed, or did not end within what we can remember, the directory is left alone for so long. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** A tree that may not even remember a page of a listing does not list for those who ask. */
    private static final int PAGE_NAMES = 5_000;

    /** At some 100 bytes each. */
    private static final int MAX_DIRECTORIES = 10_000;

    private final Tree tree;
    private final Lookups lookups;
    private final long mostNames;
    private final Cache<Long, Questions> questions = Caffeine.newBuilder()
            .maximumSize(MAX_DIRECTORIES)
            .executor(Runnable::run)
            .build();

    LookupStorms(Tree tree, Lookups lookups) {
        this.tree = tree;
        this.lookups = lookups;
        // What is listed must still be remembered when the last page has come, beside what was known before.
        this.mostNames = tree.settings().maxCachedNames() / 4 * 3;
    }

    /**
     * To be called before the store is asked for a name in {@code directory}, holding nothing. If enough have asked, this
     * returns when a page of a listing has come: the caller looks again at what is known.
     *
     * @return whether there may be something new
     */
    boolean listedInstead(Inode directory, String name) throws ForebayException {
        if (tree.validityNanos() == 0 || mostNames < PAGE_NAMES || directory.isUnlinked()) {
            return false;
        }
        return questions.get(directory.id(), _ -> new Questions()).ask(directory, name);
    }

    /**
     * Lists {@code directory} at once, for who knows that many of its names will be asked for, unless that was done within the
     * validity; returns when the first page has come, or after a limited time.
     */
    void list(Inode directory) throws ForebayException {
        boolean known = tree.listings().find(directory, tree.clock().nanoTime(), tree.validityNanos()) != null;
        if (!known && !directory.isUnlinked()) {
            questions.get(directory.id(), _ -> new Questions()).begin(directory);
        }
    }

    /** What was asked of one directory lately, and the listing that answers it. */
    private final class Questions {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition pageCame = lock.newCondition();
        /** Guarded by {@link #lock}, like what follows. */
        private int asked;

        private long sinceNanos;
        private long pausedAtNanos;
        private boolean paused;
        private boolean running;
        /** Whether somebody has asked since the latest page. */
        private boolean wanted;

        private long pages;
        /** Of the latest listing. */
        private long names;

        boolean ask(Inode directory, String name) throws ForebayException {
            lock.lock();
            try {
                long now = tree.clock().nanoTime();
                boolean worthIt = isTooMany(now) || isAnsweredByOnePage(directory, name);
                return (running || (worthIt && start(directory, now))) && awaitPage();
            } finally {
                lock.unlock();
            }
        }

        void begin(Inode directory) throws ForebayException {
            lock.lock();
            try {
                if (running || start(directory, tree.clock().nanoTime())) {
                    awaitPage();
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean start(Inode directory, long now) {
            if (isPaused(now) || !directory.pin()) {
                return false;
            }
            asked = 0;
            running = true;
            Thread.ofVirtual().name("list " + directory.id()).start(() -> run(directory));
            return true;
        }

        private boolean isTooMany(long now) {
            if (asked == 0 || now - sinceNanos >= tree.validityNanos()) {
                asked = 0;
                sinceNanos = now;
            }
            return ++asked > FEW;
        }

        private boolean isAnsweredByOnePage(Inode directory, String name) {
            return names < PAGE_NAMES
                    && directory.wasComplete()
                    && tree.inodes().find(directory, name) == null;
        }

        private boolean isPaused(long now) {
            paused = paused && now - pausedAtNanos < PAUSE.toNanos();
            return paused;
        }

        private boolean awaitPage() throws ForebayException {
            wanted = true;
            long before = pages;
            long left = LONGEST_WAIT.toNanos();
            try {
                while (pages == before && left > 0) {
                    left = pageCame.awaitNanos(left);
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new ForebayException.Interrupted("still waiting for a listing", interrupt);
            }
            return pages != before;
        }

        /** The directory is pinned for us. */
        private void run(Inode directory) {
            DirectoryListing listing = new DirectoryListing(tree, lookups, directory);
            boolean more = true;
            boolean pause = true;
            try {
                while (more) {
                    boolean atEnd = !listing.learnPage();
                    boolean full = listing.position() >= mostNames;
                    more = !atEnd && !full && isWanted();
                    pause = full && !atEnd;
                    if (more) {
                        announce();
                    }
                }
            } catch (ForebayException failure) {
                LOG.debug("not listed for those who ask name={} reason={}", directory.blobName(), failure.getMessage());
            } catch (RuntimeException unforeseen) {
                LOG.warn("a listing broke name={}", directory.blobName(), unforeseen);
            } finally {
                tree.inodes().unpin(directory, 1);
                end(pause, listing.position());
            }
        }

        /** Whether somebody has asked since this was last called. */
        private boolean isWanted() {
            lock.lock();
            try {
                boolean was = wanted;
                wanted = false;
                return was;
            } finally {
                lock.unlock();
            }
        }

        private void announce() {
            lock.lock();
            try {
                pages++;
                pageCame.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void end(boolean pause, long listedNames) {
            lock.lock();
            try {
                running = false;
                names = listedNames;
                paused = pause;
                pausedAtNanos = tree.clock().nanoTime();
                pages++;
                pageCame.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
