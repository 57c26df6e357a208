package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.JournalRecord.Synced;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which slots of one disk hold files that are not in the store yet: what a process that dies leaves to the next one.
 *
 * <p>Records are appended; the last one of a slot counts. What a power cut leaves of the last ones is cut off. A record that
 * is damaged in the middle is skipped, and {@link #isDamaged} says so: some file in the folder may then be the only copy of
 * something. The file is written anew when most of it is about files that are long in the store.
 *
 * <p>Safe for use by many threads. The monitor is held over appends, which are writes to the page cache; whoever needs a
 * record on stable storage waits outside of it, with others who do.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final String NAME = "journal";
    private static final String NEW_NAME = "journal.new";
    /** Below this it is not worth while to write it anew. */
    private static final long SMALL_BYTES = 1 << 20;

    /** So many slots wait for others that want something on stable storage; then whoever adds one sees to it. */
    private static final int MOST_LEAVING = 256;

    /** What is written of a slot. */
    private record Entry(JournalRecord record, int lengthBytes) {
        PendingFile file() {
            return record.file().orElseThrow();
        }
    }

    /** A slot that is free as soon as a record is on stable storage. */
    private record Leaving(int slot, long number) {}

    private final CacheDirectory directory;
    private final Boot boot;
    private final IntConsumer free;
    /** By slot, in the order of their records. */
    private final Map<Integer, Entry> pending = new LinkedHashMap<>();

    private final ReentrantLock forcing = new ReentrantLock();
    private boolean damaged;

    /** Null until there is something to write. Guarded by this, like what follows. */
    private @Nullable SparseFile file;

    private long endBytes;
    private long pendingBytes;
    /** Counts records, as {@link #forced} does; positions will not do, since the file is written anew. */
    private long written;

    /**
     * Slots that are no longer pending, with the number of the record that says so, until that is on stable storage: after
     * a power cut the journal might say of them what it said before, and another content must not be there by then.
     */
    private final Map<Integer, Long> ended = new HashMap<>();

    private final Queue<Leaving> leaving = new ArrayDeque<>();

    /** The latest record that ends one of a synced file. */
    private long syncedEnd;

    /** Which record is on stable storage, with all before it. Written under {@link #forcing}. */
    private volatile long forced;

    private Journal(CacheDirectory directory, Boot boot, IntConsumer free) {
        this.directory = directory;
        this.boot = boot;
        this.free = free;
    }

    /**
     * The journal of that folder, empty if it has none.
     *
     * @param free told of each slot that was {@linkplain #leave left}, once others may have it
     */
    static Journal open(CacheDirectory directory, Boot boot, IntConsumer free) throws ForebayException {
        Journal journal = new Journal(directory, boot, free);
        Path path = journal.path(NAME);
        directory.delete(journal.path(NEW_NAME));
        if (Files.exists(path)) {
            SparseFile found = directory.existingFile(path);
            journal.file = found;
            journal.forced = -1; // who wrote it may not have forced it
            journal.read(found);
        }
        return journal;
    }

    private Path path(String name) {
        return directory.path().resolve(name);
    }

    private synchronized void read(SparseFile found) throws ForebayException {
        ByteBuffer all = mapped(found.path(), directory.health());
        JournalScan scan = JournalScan.of(all);
        scan.records().forEach(record -> note(record.record(), record.lengthBytes()));
        damaged = scan.damaged();
        endBytes = scan.endBytes();
        if (endBytes < all.limit()) {
            LOG.info("the end of a journal was cut off journal={} bytes={}", found.path(), all.limit() - endBytes);
            found.setLength(endBytes);
        }
        if (damaged) {
            LOG.warn(
                    "a journal is damaged; files in the folder that nothing leads to are left alone journal={}",
                    found.path());
        }
    }

    private static ByteBuffer mapped(Path path, DiskHealth health) throws ForebayException {
        try {
            return RecordFrame.mapped(path);
        } catch (IOException failure) {
            throw health.failed("cannot read the journal", path, failure);
        }
    }

    /** The journal of the cache in {@code folder} as it is there, for whoever changes nothing. */
    static JournalScan look(Path folder) throws IOException {
        try {
            return JournalScan.of(RecordFrame.mapped(folder.resolve(NAME)));
        } catch (NoSuchFileException _) {
            return new JournalScan(List.of(), 0, false);
        }
    }

    /** Whether some record could not be read, so that it is not known what it said. */
    synchronized boolean isDamaged() {
        return damaged;
    }

    /** What the slots hold that are not in the store; what was written down last comes last. */
    synchronized Map<Integer, PendingFile> pending() {
        Map<Integer, PendingFile> files = new LinkedHashMap<>();
        pending.forEach((slot, entry) -> files.put(slot, entry.file()));
        return files;
    }

    /**
     * Whether the bytes of what {@code slot} holds are what was written. They may not be if they were not on stable storage
     * when the machine lost its power.
     */
    synchronized boolean isSure(int slot) {
        Entry entry = pending.get(slot);
        return entry != null && JournalRecord.isSure(entry.record().bootTag(), boot);
    }

    /** Whether bytes and record of {@code slot} were on stable storage when it was written down. */
    synchronized boolean isDurable(int slot) {
        Entry entry = pending.get(slot);
        return entry != null && entry.record().bootTag() == JournalRecord.ANY_BOOT;
    }

    /** Whether the bytes of {@code slot} were on stable storage at some time since it is pending. */
    synchronized boolean wasSynced(int slot) {
        Entry entry = pending.get(slot);
        return entry != null && JournalRecord.wasSynced(entry.record().bootTag());
    }

    /** Where the bytes of {@code slot} end of which something is known; empty if that is where they end. */
    synchronized OptionalLong sureBytes(int slot) {
        Entry entry = pending.get(slot);
        return entry == null ? OptionalLong.empty() : entry.record().synced().sureBytes(boot);
    }

    /**
     * From now on {@code slot} holds {@code what}, for the next process too.
     *
     * @param durable whether that is to be on stable storage when this returns; the bytes are
     * @param syncedBytes how many of the bytes were on stable storage once, whatever was changed since; -1 if none were
     */
    void keep(int slot, PendingFile what, boolean durable, long syncedBytes) throws ForebayException {
        int bootTag = durable ? JournalRecord.ANY_BOOT : JournalRecord.tagOf(boot, syncedBytes >= 0);
        Synced synced = syncedBytes < 0 ? Synced.UNKNOWN : new Synced(syncedBytes, boot.tag());
        long mine = append(new JournalRecord(slot, bootTag, synced, Optional.of(what)));
        if (durable) {
            force(mine);
        }
        tidy();
    }

    /** What {@code slot} holds is in the store, or wanted no more; the slot is still in use. */
    void done(int slot) throws ForebayException {
        append(new JournalRecord(slot, boot.tag(), Synced.UNKNOWN, Optional.empty()));
        tidy();
    }

    /**
     * What {@code slot} holds is about to change, now that it is pending no more. Returns when the journal cannot say of the
     * changed bytes what it said of those before.
     */
    void settle(int slot) throws ForebayException {
        @Nullable Long end;
        synchronized (this) {
            end = ended.get(slot);
        }
        if (end != null) {
            force(end);
        }
    }

    /** Returns when no record of a synced file that is pending no more can come back after a power cut. */
    void settle() throws ForebayException {
        long end;
        synchronized (this) {
            end = syncedEnd;
        }
        if (end > forced) {
            force(end);
        }
    }

    /** {@code slot} is in use no more, and free as soon as nothing can come back that was written of it. */
    void leave(int slot) throws ForebayException {
        @Nullable Long end;
        boolean many;
        synchronized (this) {
            end = ended.get(slot);
            if (end != null) {
                leaving.add(new Leaving(slot, end));
            }
            many = leaving.size() >= MOST_LEAVING;
        }
        if (end == null) {
            free.accept(slot);
        } else if (many) {
            force(end);
        }
    }

    /** Returns when all that was written until now is on stable storage. */
    void sync() throws ForebayException {
        long upTo;
        synchronized (this) {
            upTo = written;
        }
        force(upTo);
    }

    /** What was written up to that record is on stable storage. */
    private void settleUpTo(long number) {
        List<Leaving> left = new ArrayList<>();
        synchronized (this) {
            ended.values().removeIf(end -> end <= number);
            leaving.removeIf(slot -> slot.number() <= number && left.add(slot));
        }
        left.forEach(slot -> free.accept(slot.slot()));
    }

    private synchronized long append(JournalRecord record) throws ForebayException {
        ByteBuffer bytes = record.encoded();
        int length = bytes.remaining();
        SparseFile to = file();
        to.write(endBytes, bytes); // a part of it, if that fails, is written over by the next one
        endBytes += length;
        boolean synced = wasSynced(record.slot());
        note(record, length);
        written++;
        if (record.file().isPresent()) {
            ended.remove(record.slot());
        } else {
            ended.put(record.slot(), written);
            syncedEnd = synced ? written : syncedEnd;
        }
        return written;
    }

    private SparseFile file() throws ForebayException {
        SparseFile present = file;
        if (present == null) {
            present = directory.newFile(path(NAME));
            directory.force(directory.path());
            file = present;
        }
        return present;
    }

    private void note(JournalRecord record, int lengthBytes) {
        Entry before = pending.remove(record.slot());
        if (record.file().isPresent()) {
            pending.put(record.slot(), new Entry(record, lengthBytes));
        }
        pendingBytes += (record.file().isPresent() ? lengthBytes : 0) - (before == null ? 0 : before.lengthBytes());
    }

    /** Writes the journal anew if most of it is of no use any more. */
    private void tidy() throws ForebayException {
        if (isUntidy()) {
            forcing.lock(); // nobody waits for the old file while it goes
            try {
                if (isUntidy()) { // still: somebody else may have been here
                    forced = writeAnew();
                    settleUpTo(forced);
                }
            } finally {
                forcing.unlock();
            }
        }
    }

    private synchronized boolean isUntidy() {
        return endBytes > SMALL_BYTES && endBytes / 4 > pendingBytes;
    }

    /**
     * What is in the journal now goes into a new one, which takes the place of the old one when it is on disk.
     *
     * @return the number of the last record that this is true of
     */
    private synchronized long writeAnew() throws ForebayException {
        SparseFile old = file();
        SparseFile fresh = directory.newFile(path(NEW_NAME));
        long at = 0;
        for (Entry entry : pending.values()) {
            ByteBuffer bytes = entry.record().encoded();
            int length = bytes.remaining();
            fresh.write(at, bytes);
            at += length;
        }
        fresh.force();
        fresh.close();
        old.close();
        directory.rename(path(NEW_NAME), path(NAME));
        file = directory.existingFile(path(NAME));
        endBytes = at;
        return written;
    }

    /** Returns when the record of that number is on stable storage, with all before it. */
    private void force(long number) throws ForebayException {
        forcing.lock();
        try {
            if (forced >= number) {
                return; // somebody who came first took ours along
            }
            long upTo;
            SparseFile current;
            synchronized (this) {
                upTo = written;
                current = file();
            }
            current.force();
            forced = upTo;
            settleUpTo(upTo);
        } finally {
            forcing.unlock();
        }
    }

    @Override
    public synchronized void close() {
        SparseFile present = file;
        if (present != null) {
            try {
                present.close();
            } catch (ForebayException failure) {
                LOG.debug("the journal of a cache was not closed reason={}", failure.getMessage());
            }
        }
    }
}
