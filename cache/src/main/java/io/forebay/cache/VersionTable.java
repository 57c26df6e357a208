package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which content in use belongs to which version, and how many use it. What is in here under its version is clean; a
 * content that is about to be changed leaves first. Content that nobody uses any more lingers until its last fetch has
 * ended, and then leaves for the disk alone.
 */
final class VersionTable {
    private final Map<BlobVersion, SparseContent> byVersion = new HashMap<>();
    private final Set<SparseContent> all = new HashSet<>();
    /** Without references, but still being fetched. */
    private final Set<SparseContent> lingering = new HashSet<>();

    private boolean closed;

    /** Why somebody holds a content. */
    enum Stake {
        /** To read it, or to change it: one who wants to change it needs it alone, or a copy. */
        USE,
        /**
         * To bring its pages, whoever has it: no reason for a copy. The kernel may read the file on its own for one who has
         * it open, so that what another writes through the same inode must go into that file.
         */
        VISIT
    }

    /** One more reference to the content of {@code version}, if somebody has it open. */
    synchronized @Nullable SparseContent acquire(BlobVersion version, Stake stake) {
        SparseContent found = byVersion.get(version);
        if (found != null) {
            found.references++;
            found.visits += visits(stake);
            lingering.remove(found);
        }
        return found;
    }

    private static int visits(Stake stake) {
        return stake == Stake.VISIT ? 1 : 0;
    }

    /** The content of {@code version}, if it is in use or lingers; no reference. */
    synchronized @Nullable SparseContent peek(BlobVersion version) {
        return byVersion.get(version);
    }

    /** All content that others can have by its version, as it is now. */
    synchronized Map<BlobVersion, SparseContent> known() {
        return Map.copyOf(byVersion);
    }

    /** Adds content that nobody else has; the caller's reference is the first. */
    synchronized void add(SparseContent content) throws ForebayException {
        checkOpen();
        all.add(content);
    }

    synchronized void checkOpen() throws ForebayException {
        if (closed) {
            throw new ForebayException.BadHandle("the cache is closed");
        }
    }

    /** Makes the content known under {@code version}, for others to share, unless another one is already. */
    synchronized void register(BlobVersion version, SparseContent content) {
        if (byVersion.putIfAbsent(version, content) == null) {
            content.setShared(true);
        }
    }

    /** One reference to the content of {@code version}: the one there is, else {@code fresh}, which then is shared. */
    synchronized SparseContent acquireOrRegister(BlobVersion version, SparseContent fresh, Stake stake) {
        SparseContent found = acquire(version, stake);
        if (found == null) {
            fresh.visits = visits(stake);
            register(version, fresh);
            return fresh;
        }
        return found;
    }

    /** Takes the content out, so that it may be changed; false if somebody else uses it too. It still counts as shared. */
    synchronized boolean detachAlone(SparseContent content) {
        if (content.references - content.visits > 1) {
            return false;
        }
        forsake(content);
        return true;
    }

    /** Nobody gets this content by its version any more. */
    synchronized void forsake(SparseContent content) {
        content.version().ifPresent(version -> byVersion.remove(version, content));
    }

    /** Moves the content to another version of the same bytes; if that is taken, it is in the table no more. */
    synchronized void rebase(SparseContent content, BlobVersion version) {
        boolean known =
                content.version().map(old -> byVersion.remove(old, content)).orElse(false);
        if (known) {
            byVersion.putIfAbsent(version, content);
        }
        content.rebase(version);
    }

    /** Gives one reference back, unless it is the last one: then the caller settles what becomes of the content first. */
    synchronized boolean releaseUnlessLast(SparseContent content, Stake stake) {
        if (content.references == 1) {
            return false;
        }
        content.references--;
        content.visits -= visits(stake);
        return true;
    }

    /**
     * Gives one reference back.
     *
     * @param kept the version under which the content can rest if it is the last reference; empty if it is of no use
     * @return what becomes of the content
     */
    synchronized Released release(SparseContent content, Stake stake, Optional<BlobVersion> kept) {
        content.references--;
        content.visits -= visits(stake);
        if (content.references > 0) {
            return Released.USED;
        }
        if (!closed && kept.isPresent() && byVersion.getOrDefault(kept.get(), content) == content) {
            register(kept.get(), content);
            lingering.add(content);
            return Released.LINGERS;
        }
        forsake(content);
        return all.remove(content) ? Released.FREE : Released.USED;
    }

    /** What becomes of content of which a reference was given back. */
    enum Released {
        USED,
        /** It is the caller's to see that it {@linkplain #retire leaves}. */
        LINGERS,
        /** It is the caller's to free. */
        FREE
    }

    /** How many bytes of content in use are on {@code disk}. */
    long presentBytes(CacheDisk disk) {
        List<SparseContent> now;
        synchronized (this) {
            now = List.copyOf(all);
        }
        return now.stream()
                .filter(content -> content.place().disk() == disk)
                .mapToLong(content -> content.state.presentBytes())
                .sum();
    }

    synchronized int lingering() {
        return lingering.size();
    }

    synchronized int inUse() {
        return all.size() - lingering.size();
    }

    /** Takes out content that lingers, for the caller to put away; false if it was taken up again meanwhile. */
    synchronized boolean retire(SparseContent content) {
        if (!lingering.remove(content)) {
            return false;
        }
        forsake(content);
        all.remove(content);
        return true;
    }

    /** Takes no more content, and hands over all there is, for the caller to free. */
    synchronized List<SparseContent> close() {
        closed = true;
        List<SparseContent> left = List.copyOf(all);
        all.clear();
        byVersion.clear();
        lingering.clear();
        return left;
    }
}
