package io.forebay.testkit.sim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of one container: what was written, over what is synthetic, and the blocks that are staged.
 *
 * <p>A change is a check and an effect in one, done under this object's lock by {@link #change}; nobody waits for a
 * client in there. Reading takes no lock.
 */
final class Container {
    /** Decides what becomes of a blob, or throws. */
    interface Change {
        /**
         * @param now the blob as it is, or null
         * @param staged its staged blocks by id; may be changed
         * @return what is there from now on, or null for nothing
         */
        @Nullable
        StoredBlob apply(@Nullable StoredBlob now, Map<String, BlobBlock> staged) throws Refusal;
    }

    private final Stamp created;
    /** What was written; an empty value hides a synthetic blob that was deleted. */
    private final ConcurrentSkipListMap<String, Optional<StoredBlob>> written = new ConcurrentSkipListMap<>();

    private final List<SyntheticFamily> families = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, BlobBlock>> stagedByName = new LinkedHashMap<>();

    Container(Stamp created) {
        this.created = created;
    }

    Stamp created() {
        return created;
    }

    void declare(SyntheticFamily family) {
        families.add(family);
    }

    /** The blob of that name as it is now, or null. */
    @Nullable
    StoredBlob find(String name) {
        Optional<StoredBlob> own = written.get(name);
        return own == null ? synthetic(name) : own.orElse(null);
    }

    private @Nullable StoredBlob synthetic(String name) {
        for (SyntheticFamily family : families) {
            if (family.indexOf(name) >= 0) {
                return family.blob(name);
            }
        }
        return null;
    }

    /** Checks and changes one blob, with nobody else in between, and gives what is there then. */
    synchronized @Nullable StoredBlob change(String name, Change change) throws Refusal {
        Map<String, BlobBlock> staged = stagedByName.computeIfAbsent(name, _ -> new LinkedHashMap<>());
        try {
            StoredBlob now = find(name);
            StoredBlob next = change.apply(now, staged);
            if (!Objects.equals(next, now)) {
                place(name, next);
            }
            return next;
        } finally {
            if (staged.isEmpty()) {
                stagedByName.remove(name);
            }
        }
    }

    private void place(String name, @Nullable StoredBlob next) {
        if (next != null) {
            written.put(name, Optional.of(next));
        } else if (synthetic(name) != null) {
            written.put(name, Optional.empty());
        } else {
            written.remove(name);
        }
    }

    /** The blocks that are staged for that name. */
    synchronized List<BlobBlock> staged(String name) {
        return List.copyOf(stagedByName.getOrDefault(name, Map.of()).values());
    }

    /** The first name of a blob that is not before {@code from}, or null. */
    @Nullable
    String ceiling(String from) {
        String least = ceilingWritten(from);
        for (SyntheticFamily family : families) {
            String found = ceilingOf(family, from);
            if (found != null && (least == null || found.compareTo(least) < 0)) {
                least = found;
            }
        }
        return least;
    }

    private @Nullable String ceilingWritten(String from) {
        for (Map.Entry<String, Optional<StoredBlob>> entry :
                written.tailMap(from, true).entrySet()) {
            if (entry.getValue().isPresent()) {
                return entry.getKey();
            }
        }
        return null;
    }

    private @Nullable String ceilingOf(SyntheticFamily family, String from) {
        String found = family.ceiling(from);
        while (found != null && isHidden(found)) {
            found = family.ceiling(found + "\0");
        }
        return found;
    }

    private boolean isHidden(String name) {
        Optional<StoredBlob> own = written.get(name);
        return own != null && own.isEmpty();
    }
}
