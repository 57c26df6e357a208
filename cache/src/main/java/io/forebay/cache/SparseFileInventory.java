package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Looks through the disks of a cache, and through what is in use. */
final class SparseFileInventory implements CacheInventory {
    private final CacheDisks disks;
    private final VersionTable table;

    SparseFileInventory(CacheDisks disks, VersionTable table) {
        this.disks = disks;
        this.table = table;
    }

    /** Content that somebody has open, or that is still being fetched. */
    private record InUse(String name, SparseContent content) implements Entry {
        @Override
        public long presentBytes() {
            return content.state.presentBytes();
        }

        @Override
        public boolean isPinned() {
            return content.place().isPinned();
        }

        @Override
        public long lastUseSeconds() {
            return content.place().lastUseSeconds();
        }
    }

    /** Content that rests in a slot. */
    private record Resting(
            CacheDisk disk,
            int slot,
            long prefix,
            String name,
            long presentBytes,
            boolean isPinned,
            long lastUseSeconds)
            implements Entry {}

    @Override
    public long presentBytes(BlobVersion version) {
        SparseContent content = table.peek(version);
        if (content != null) {
            return content.state.presentBytes();
        }
        long prefix = VersionKey.of(version).first();
        long most = 0;
        for (CacheDisk disk : disks.working()) {
            most = Math.max(most, bytesOf(disk.slots().pagesOf(prefix), version.lengthBytes()));
        }
        return most;
    }

    /** Where the last page is the missing one, this is some bytes too few. */
    private static long bytesOf(int pages, long lengthBytes) {
        return Math.min((long) pages * PageMap.PAGE_BYTES, lengthBytes);
    }

    @Override
    public void visit(String container, Predicate<String> names, Consumer<Entry> visitor) throws ForebayException {
        table.known().forEach((version, content) -> {
            if (version.container().equals(container) && names.test(version.name())) {
                visitor.accept(new InUse(version.name(), content));
            }
        });
        long tag = VersionKey.tagOf(container);
        for (CacheDisk disk : disks.working()) {
            disk.index().visit(disk.slots().count(), (slot, record) -> {
                String name = record.name().text();
                if (record.storeTag() == tag
                        && disk.slots().isResting(slot, record.key().first())
                        && names.test(name)) {
                    long present = bytesOf(record.pages(), record.lengthBytes());
                    visitor.accept(new Resting(
                            disk, slot, record.key().first(), name, present, record.pinned(), record.lastUseSeconds()));
                }
            });
        }
    }

    @Override
    public Removal remove(Entry entry) {
        if (!(entry instanceof Resting resting)) {
            return Removal.IN_USE;
        }
        if (resting.disk.slots().isPinned(resting.slot, resting.prefix)) {
            return Removal.PINNED;
        }
        if (!resting.disk.slots().giveUp(resting.slot, resting.prefix)) {
            return Removal.ABSENT;
        }
        resting.disk.discard(resting.slot);
        return Removal.REMOVED;
    }

    @Override
    public boolean unpin(Entry entry) throws ForebayException {
        return switch (entry) {
            case InUse inUse -> inUse.content.place().unpin();
            case Resting resting -> resting.disk.unpin(resting.slot, resting.prefix);
            default -> throw new IllegalArgumentException("an entry of another cache: " + entry.name());
        };
    }

    @Override
    public CacheFigures figures() {
        List<CacheFigures.Disk> shown = disks.working().stream()
                .map(disk -> new CacheFigures.Disk(
                        disk.path(),
                        disk.room().limitBytes(),
                        disk.slots().restingBytes(),
                        disk.slots().pinnedBytes(),
                        disk.directory().freeBytes(),
                        disk.directory().totalBytes()))
                .toList();
        List<CacheFigures.FailedDisk> failed = disks.failed().stream()
                .map(disk -> new CacheFigures.FailedDisk(
                        disk.path(), disk.directory().health().failure().orElse("")))
                .toList();
        return new CacheFigures(
                shown,
                failed,
                disks.resting(),
                table.inUse(),
                disks.evictedFiles(),
                disks.evictedBytes(),
                disks.damaged());
    }
}
