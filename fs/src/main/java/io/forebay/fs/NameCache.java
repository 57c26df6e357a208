package io.forebay.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * Remembers names that nobody holds right now: those that lead to an inode, which it keeps in the table, and those that
 * are known to lead nowhere. Bounded; what it forgets is asked of the store again.
 *
 * <p>Never call it while holding an inode's monitor: letting go of an inode takes that monitor.
 */
final class NameCache {
    /** What is known of a name. */
    private sealed interface Known {}

    /** It leads to this inode, which is pinned once for this record. */
    private record Present(Inode inode) implements Known {}

    /** It led nowhere when the store was asked, or when we removed it. */
    private record Absent(long sinceNanos) implements Known {}

    private final InodeTable table;
    private final Cache<InodeTable.Name, Known> names;

    NameCache(long maxNames, InodeTable table) {
        this.table = table;
        names = Caffeine.newBuilder()
                .maximumSize(maxNames)
                .executor(Runnable::run)
                .removalListener((name, known, cause) -> {
                    if (known instanceof Present(Inode inode)) {
                        table.unpin(inode, 1);
                    }
                })
                .build();
    }

    /** Keeps {@code inode} under its name for a while. */
    void remember(Inode inode) {
        Inode.Place place = inode.place();
        if (place != null && !inode.isUnlinked() && inode.pin()) {
            names.put(new InodeTable.Name(place.parent().id(), place.name()), new Present(inode));
        }
    }

    /**
     * Keeps {@code inode} under its name for a while, unless the name is known to lead nowhere since the store was asked.
     */
    void rememberFound(Inode inode, long askedAtNanos) {
        Inode.Place place = inode.place();
        if (place == null || inode.isUnlinked() || !inode.pin()) {
            return;
        }
        Present present = new Present(inode);
        InodeTable.Name name = new InodeTable.Name(place.parent().id(), place.name());
        Known now = names.asMap()
                .compute(
                        name,
                        (_, known) -> known instanceof Absent(long sinceNanos) && sinceNanos - askedAtNanos >= 0
                                ? known
                                : present);
        if (now instanceof Absent) {
            table.unpin(inode, 1);
        }
    }

    void rememberAbsent(Inode parent, String name, long nowNanos) {
        names.put(new InodeTable.Name(parent.id(), name), new Absent(nowNanos));
    }

    /** Since when the name is known to lead nowhere; null if that is not known. */
    @Nullable
    Long absentSinceNanos(Inode parent, String name) {
        Known known = names.getIfPresent(new InodeTable.Name(parent.id(), name));
        return known instanceof Absent(long sinceNanos) ? sinceNanos : null;
    }

    void forget(Inode parent, String name) {
        names.invalidate(new InodeTable.Name(parent.id(), name));
    }

    /** Forgets everything, and lets go of every inode that it kept. */
    void clear() {
        names.invalidateAll();
    }
}
