package io.forebay.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches small files before they are opened: those of a directory of which several were read within a short while. Each
 * costs the latency of the store, so that a program which reads them one by one waits for most of its time; it goes as
 * fast as the local disk if they are here by the time it comes.
 *
 * <p>A {@link ReadingSpree} says how much may be fetched ahead of the program. A walk, a background thread for each
 * directory that is being read, goes through the listing from where the program is to the end, and, unless the program
 * reads in that order, on from the start. It keeps nothing for a file: the names come from the listing, page by page, the
 * versions from the inodes that the listing brought, and what it fetched is known to the content cache alone. A version that
 * was replaced meanwhile is not found there by who opens the new one.
 */
final class SiblingPrefetch {
    private static final Logger LOG = LoggerFactory.getLogger(SiblingPrefetch.class);

    /** What is fetched in one request, and so costs latency before all else. At 60 MB/s it takes as long as 20 ms. */
    static final long SMALL_BYTES = 1 << 20;

    /** Directories of which is known how they are read, at some 150 bytes each. */
    private static final int MAX_SPREES = 10_000;

    /** Each holds a page or two of a listing, some 2 MB. */
    private static final int MAX_WALKS = 8;

    /** Of the room that the cache has, so much may be taken by what nobody has asked for yet: one in so many bytes. */
    private static final int SHARE_OF_ROOM = 4;

    /** Where the disk does not say how much room there is. */
    private static final long USUAL_SHARE_BYTES = 256L << 20;

    /** Entries that are taken from the listing at a time, under its lock. */
    private static final int BATCH = 256;

    /** There was no room among the prefetches: one ends about as often as this while 50 are under way at 20 ms each. */
    private static final Duration RETRY = Duration.ofMillis(1);

    private final Tree tree;
    private final Lookups lookups;
    private final Semaphore walks = new Semaphore(MAX_WALKS);
    private final Set<Thread> walkers = ConcurrentHashMap.newKeySet();
    private final Cache<Long, ReadingSpree> sprees = Caffeine.newBuilder()
            .maximumSize(MAX_SPREES)
            .executor(Runnable::run)
            .build();

    SiblingPrefetch(Tree tree, Lookups lookups) {
        this.tree = tree;
        this.lookups = lookups;
    }

    static boolean isSmall(long sizeBytes) {
        return sizeBytes > 0 && sizeBytes <= SMALL_BYTES;
    }

    /**
     * A small file was opened to be read.
     *
     * @param wasHere whether all of it was on local disk already
     */
    void opened(Inode file, long sizeBytes, boolean wasHere) {
        Inode.Place place = file.place();
        if (place == null || !tree.settings().prefetchSiblings()) {
            return;
        }
        Inode directory = place.parent();
        ReadingSpree spree = sprees.get(directory.id(), _ -> new ReadingSpree(tree.clock()));
        if (spree.opened(place.name(), sizeBytes, wasHere) && walks.tryAcquire()) {
            if (!begin(spree, directory)) {
                walks.release();
            }
        }
    }

    /** Starts a walk, for which room was taken; false if there is one already, or nothing to walk through. */
    private boolean begin(ReadingSpree spree, Inode directory) {
        if (!spree.beginWalk()) {
            return false;
        }
        if (!directory.pin()) {
            spree.endWalk();
            return false;
        }
        Thread walker = Thread.ofVirtual().name("prefetch in " + directory.id()).unstarted(() -> {
            try {
                walk(spree, directory);
            } finally {
                spree.endWalk();
                tree.inodes().unpin(directory, 1);
                walkers.remove(Thread.currentThread());
                walks.release();
            }
        });
        walkers.add(walker);
        walker.start();
        return true;
    }

    /** Ends what is under way. */
    void stop() {
        walkers.forEach(Thread::interrupt);
    }

    private void walk(ReadingSpree spree, Inode directory) {
        try {
            String start = spree.latestName();
            lookups.list(directory);
            DirectoryListing listing = new DirectoryListing(tree, lookups, directory);
            boolean wanted = fetchAll(spree, directory, listing, name -> ListedOrder.compare(name, start) > 0);
            if (wanted && !spree.isInOrder()) {
                fetchAll(spree, directory, listing, name -> ListedOrder.compare(name, start) < 0);
            }
        } catch (ForebayException failure) {
            LOG.debug("prefetch ended name={} reason={}", directory.blobName(), failure.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unforeseen) {
            LOG.warn("prefetch broke name={}", directory.blobName(), unforeseen);
        }
    }

    /** Which names are of interest. */
    @FunctionalInterface
    private interface Filter {
        boolean takes(String name);
    }

    /** @return false if nobody reads there any more */
    private boolean fetchAll(ReadingSpree spree, Inode directory, DirectoryListing listing, Filter filter)
            throws ForebayException, InterruptedException {
        Batch batch = new Batch(filter);
        do {
            batch.begin();
            listing.read(batch.cookie, false, batch);
            spree.shareIs(share());
            for (String name : batch.names) {
                if (!fetch(spree, directory, name)) {
                    return false;
                }
            }
        } while (batch.full);
        return true;
    }

    private long share() {
        long free = tree.cache().freeBytes();
        return free == 0 ? USUAL_SHARE_BYTES : free / SHARE_OF_ROOM;
    }

    /** @return false if nobody reads there any more */
    private boolean fetch(ReadingSpree spree, Inode directory, String name) throws InterruptedException {
        BlobVersion version = versionOf(directory, name);
        if (version == null || tree.cache().isHere(version)) {
            return true;
        }
        if (!spree.awaitAppetite(version.lengthBytes())) {
            return false;
        }
        while (!tree.cache().prefetch(version)) {
            if (!spree.pause(RETRY)) {
                return false;
            }
        }
        spree.fetched(version.lengthBytes());
        return true;
    }

    /** The version to fetch; null if what is known of the name says that there is none, or that it is in use already. */
    private @Nullable BlobVersion versionOf(Inode directory, String name) {
        Inode inode = tree.inodes().find(directory, name);
        if (inode == null || !inode.isOnlyRemembered()) {
            return null;
        }
        return FileContents.committedVersion(tree, inode)
                .filter(version -> isSmall(version.lengthBytes()))
                .orElse(null);
    }

    /** Some names from a listing. */
    private static final class Batch implements DirectorySink {
        private final Filter filter;
        private final List<String> names = new ArrayList<>(BATCH);
        private long cookie;
        private boolean full;

        Batch(Filter filter) {
            this.filter = filter;
        }

        void begin() {
            names.clear();
            full = false;
        }

        @Override
        public boolean accept(String name, Attributes attributes, long nextCookie) {
            if (names.size() == BATCH) {
                full = true;
                return false;
            }
            if (attributes.kind() == FileKind.FILE && isSmall(attributes.sizeBytes()) && filter.takes(name)) {
                names.add(name);
            }
            cookie = nextCookie;
            return true;
        }
    }
}
