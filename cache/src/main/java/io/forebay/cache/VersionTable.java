package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which content belongs to which version, and how many use it. What is in here under its version is clean; a content
 * that is about to be changed leaves first. Content that nobody uses rests: the longer, the sooner it is given up.
 */
final class VersionTable {
    private final Map<BlobVersion, SparseContent> byVersion = new HashMap<>();
    private final Set<SparseContent> all = new HashSet<>();
    /** In the order in which they were last used. */
    private final Set<SparseContent> resting = new LinkedHashSet<>();

    private boolean closed;

    /** One more reference to the content of {@code version}, if somebody has it open. */
    synchronized @Nullable SparseContent acquire(BlobVersion version) {
        SparseContent found = byVersion.get(version);
        if (found != null) {
            found.references++;
            resting.remove(found);
        }
        return found;
    }

    /** Adds content that nobody else has; the caller's reference is the first. */
    synchronized void add(SparseContent content) throws ForebayException {
        if (closed) {
            throw new ForebayException.BadHandle("the cache is closed");
        }
        all.add(content);
    }

    /** Makes the content known under {@code version}, for others to share, unless another one is already. */
    synchronized void register(BlobVersion version, SparseContent content) {
        if (byVersion.putIfAbsent(version, content) == null) {
            content.setShared(true);
        }
    }

    /** One reference to the content of {@code version}: the one there is, else {@code fresh}, which then is shared. */
    synchronized SparseContent acquireOrRegister(BlobVersion version, SparseContent fresh) {
        SparseContent found = acquire(version);
        if (found == null) {
            register(version, fresh);
            return fresh;
        }
        return found;
    }

    /** Takes the content out, so that it may be changed; false if somebody else uses it too. */
    synchronized boolean detachAlone(SparseContent content) {
        if (content.references > 1) {
            return false;
        }
        content.version().ifPresent(version -> byVersion.remove(version, content));
        content.setShared(false);
        return true;
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

    /** Whether the caller's reference is the only one. */
    synchronized boolean isUsedOnce(SparseContent content) {
        return content.references == 1;
    }

    /**
     * Gives one reference back.
     *
     * @param kept the version under which the content rests if it was the last reference; empty if it is of no use
     * @return what becomes of the content
     */
    synchronized Released release(SparseContent content, Optional<BlobVersion> kept) {
        content.references--;
        if (content.references > 0) {
            return Released.USED;
        }
        if (!closed && kept.isPresent() && byVersion.getOrDefault(kept.get(), content) == content) {
            register(kept.get(), content);
            resting.add(content);
            return Released.RESTS;
        }
        content.version().ifPresent(version -> byVersion.remove(version, content));
        return all.remove(content) ? Released.FREE : Released.USED;
    }

    /** What becomes of content of which a reference was given back. */
    enum Released {
        USED,
        RESTS,
        /** It is the caller's to free. */
        FREE
    }

    synchronized int resting() {
        return resting.size();
    }

    synchronized int inUse() {
        return all.size() - resting.size();
    }

    /** Gives up the content that rests longest, for the caller to free; null if none rests. */
    synchronized @Nullable SparseContent giveUpOldest() {
        if (resting.isEmpty()) {
            return null;
        }
        SparseContent oldest = resting.iterator().next();
        resting.remove(oldest);
        all.remove(oldest);
        oldest.version().ifPresent(version -> byVersion.remove(version, oldest));
        return oldest;
    }

    /** Takes no more content, and hands over all there is, for the caller to free. */
    synchronized List<SparseContent> close() {
        closed = true;
        List<SparseContent> left = List.copyOf(all);
        all.clear();
        byVersion.clear();
        resting.clear();
        return left;
    }
}
