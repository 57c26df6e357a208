package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a cache folder has that is not in the store, looked at without a mount. Nothing in the folder is changed, and no
 * mount can take it until this is closed.
 */
public final class LeftContent implements AutoCloseable {
    private final FileChannel lock;
    private final List<Left> files;
    private final List<RenameRecord.Names> renames;
    private final boolean damaged;

    /**
     * A file that waits to be uploaded, or for a person.
     *
     * @param content the file that has its bytes
     * @param sizeBytes of that; -1 if it is missing
     * @param sure whether the bytes are what was written; if not, the machine stopped before they were on disk
     */
    public record Left(PendingFile file, Path content, long sizeBytes, boolean sure) {}

    private LeftContent(FileChannel lock, List<Left> files, List<RenameRecord.Names> renames, boolean damaged) {
        this.lock = lock;
        this.files = List.copyOf(files);
        this.renames = List.copyOf(renames);
        this.damaged = damaged;
    }

    /**
     * What is left in {@code folder}.
     *
     * @throws ForebayException.NotFound if there is no cache
     * @throws ForebayException.InvalidArgument if a mount uses it
     */
    public static LeftContent in(Path folder) throws ForebayException {
        FileChannel lock = CacheDirectory.lockExisting(folder);
        boolean read = false;
        try {
            JournalScan scan = Journal.look(folder);
            LeftContent left = new LeftContent(lock, leftBy(scan, folder), RenameFolder.look(folder), scan.damaged());
            read = true;
            return left;
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot read the journal of the cache", folder, failure);
        } finally {
            if (!read) {
                closeQuietly(lock);
            }
        }
    }

    private static List<Left> leftBy(JournalScan scan, Path folder) throws IOException {
        Map<Integer, Left> bySlot = new LinkedHashMap<>();
        Boot now = Boot.current();
        for (JournalRecord.Found found : scan.records()) {
            JournalRecord record = found.record();
            bySlot.remove(record.slot());
            if (record.file().isPresent()) {
                Path content = CacheDisk.contentFile(folder, record.slot());
                boolean sure = JournalRecord.isSure(record.bootTag(), now);
                bySlot.put(record.slot(), new Left(record.file().get(), content, sizeOf(content), sure));
            }
        }
        return List.copyOf(bySlot.values());
    }

    private static long sizeOf(Path content) throws IOException {
        try {
            return Files.size(content);
        } catch (NoSuchFileException _) {
            return -1;
        }
    }

    /** All of them; what was written down last comes last. Of two with one name the last one counts. */
    public List<Left> files() {
        return files;
    }

    /** Renames of directories that have not ended: of what they move, some may be there under both names. */
    public List<RenameRecord.Names> renames() {
        return renames;
    }

    /** Whether a part of the journal could not be read, so that there may have been more. */
    public boolean isDamaged() {
        return damaged;
    }

    @Override
    public void close() {
        closeQuietly(lock);
    }

    private static void closeQuietly(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException _) {
            // The process's end gives the lock back in any case.
        }
    }
}
