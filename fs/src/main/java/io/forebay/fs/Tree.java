package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.cache.ContentCache;
import io.forebay.cache.Uploader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the rooms of the tree share: the store, the local content, and what is known of names and inodes.
 *
 * @param uncommitted files that no blob stands for yet; listings add them to what the store lists
 * @param changes is told of what nobody asked for
 */
record Tree(
        BlobStore store,
        ContentCache cache,
        Uploader uploader,
        TreeSettings settings,
        Clock clock,
        InodeTable inodes,
        NameCache names,
        ListingCache listings,
        PathClaims claims,
        Set<Inode> uncommitted,
        Changes changes,
        Crowding crowding) {

    /** The longest name of an entry: what ext4 and most programs allow. */
    static final int MAX_NAME_BYTES = 255;

    /** The longest name of a blob. Source: Azure Storage REST, naming and referencing blobs. */
    static final int MAX_BLOB_NAME_CHARS = 1024;

    /** The slowest transfer that is still waited for when a whole file must be fetched: 8 MiB/s. */
    private static final long SLOWEST_BYTES_PER_SECOND = 8L << 20;

    static Tree over(BlobStore store, ContentCache cache, Uploader uploader, TreeSettings settings, Clock clock) {
        InodeTable inodes = new InodeTable();
        inodes.create(
                FileKind.DIRECTORY,
                null,
                PosixAttributes.unsaid(FileKind.DIRECTORY, clock.nowNanos(), settings),
                clock.nowNanos());
        NameCache names = new NameCache(settings.maxCachedNames(), inodes);
        Changes changes = new Changes();
        return new Tree(
                store,
                cache,
                uploader,
                settings,
                clock,
                inodes,
                names,
                new ListingCache(settings.maxCachedNames()),
                new PathClaims(),
                ConcurrentHashMap.newKeySet(),
                changes,
                new Crowding(inodes, changes, settings.maxCachedNames() + settings.maxCachedNames() / 4));
    }

    /** The store, for a request that gives a blob another version: see {@link ContentCache#settle}. */
    BlobStore storeToChange() throws ForebayException {
        cache.settle();
        return store;
    }

    /** The deadline of one request that is made now. */
    Deadline deadline() {
        return Deadline.after(settings.requestDeadline(), clock);
    }

    /** The deadline for moving {@code bytes} of content. */
    Deadline transferDeadline(long bytes) {
        Duration transfer = Duration.ofSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
        return Deadline.after(settings.requestDeadline().plus(transfer), clock);
    }

    long validityNanos() {
        return settings.metadataValidity().toNanos();
    }

    /** Whether files that no blob stands for yet are somewhere in {@code directory}. */
    boolean hasUncommittedIn(Inode directory) {
        return uncommitted.stream()
                .anyMatch(inode -> !inode.isUnlinked() && inode != directory && inode.isWithin(directory));
    }

    void requireWritable() throws ForebayException {
        if (settings.readOnly()) {
            throw new ForebayException.ReadOnly("the mount is read-only");
        }
    }

    /**
     * The name of the blob for an entry.
     *
     * @throws ForebayException.NameTooLong if the kernel or the store could not keep it
     */
    static String blobName(Inode parent, String name) throws ForebayException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
            throw new ForebayException.InvalidArgument("'" + name + "' cannot be the name of an entry");
        }
        String blob = parent.blobPrefix() + name;
        if (blob.length() > MAX_BLOB_NAME_CHARS || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new ForebayException.NameTooLong("'" + name + "' is too long: an entry has at most " + MAX_NAME_BYTES
                    + " bytes, a path in the container " + MAX_BLOB_NAME_CHARS + " characters");
        }
        return blob;
    }
}
