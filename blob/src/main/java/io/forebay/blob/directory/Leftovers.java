package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes leave behind that a crash cut short: files that were never published, blocks that nobody committed,
 * records of versions that are no more. None of it can be seen; it only takes space. It goes by age, because whether its
 * process still lives cannot be known of a process in another container.
 */
final class Leftovers {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

    /** Far more than lies between the last byte of a file and its publication, which waits for a lock at most. */
    private static final Duration UNPUBLISHED_LIMIT = Duration.ofHours(1);

    /** As Azure keeps blocks that are not committed. */
    private static final Duration STAGED_LIMIT = Duration.ofDays(7);

    /** Opening a container of very many records must not take long, and what one sweep misses another one finds. */
    private static final int MAX_RECORDS_LOOKED_AT = 500;

    private final ContainerFolders folders;
    private final BlobTree tree;
    private final Records records;
    private final ContainerLock lock;
    private final Clock clock;

    Leftovers(ContainerFolders folders, BlobTree tree, Records records, ContainerLock lock, Clock clock) {
        this.folders = folders;
        this.tree = tree;
        this.records = records;
        this.lock = lock;
        this.clock = clock;
    }

    /** Removes what is old enough. What cannot be removed is left for the next time, and logged. */
    void sweep(Deadline deadline) throws ForebayException {
        try {
            sweepIncoming();
            sweepStaging(deadline);
            sweepRecords(deadline);
        } catch (ForebayException failure) {
            throw failure;
        } catch (IOException failure) {
            log.warn("leftovers not swept folder={} reason={}", folders.state(), failure.getMessage());
        }
    }

    private void sweepIncoming() throws IOException {
        for (Path leftover : Disk.entriesOf(folders.incoming())) {
            if (olderThan(UNPUBLISHED_LIMIT, leftover)) {
                log.info("leftover removed file={}", leftover);
                Disk.removeFlat(leftover);
            }
        }
    }

    private void sweepStaging(Deadline deadline) throws IOException {
        for (Path blocks : Disk.entriesOf(folders.staging())) {
            if (olderThan(STAGED_LIMIT, blocks)) {
                try (ContainerLock.Held _ = lock.acquire(deadline)) {
                    // Looked at again under the lock: a block may have come in.
                    if (olderThan(STAGED_LIMIT, blocks)) {
                        log.info("staged blocks dropped after a week folder={}", blocks);
                        Disk.removeFlat(blocks);
                    }
                }
            }
        }
    }

    private void sweepRecords(Deadline deadline) throws IOException {
        List<Path> some = Disk.entriesOf(folders.records());
        Collections.shuffle(some);
        for (Path record : some.subList(0, Math.min(some.size(), MAX_RECORDS_LOOKED_AT))) {
            if (olderThan(UNPUBLISHED_LIMIT, record)) {
                try (ContainerLock.Held _ = lock.acquire(deadline)) {
                    if (!inUse(record)) {
                        log.info("leftover removed record={}", record);
                        Disk.removeFlat(record);
                    }
                }
            }
        }
    }

    private boolean inUse(Path record) throws IOException {
        Optional<RecordFormat.Decoded.Whole> kept = Records.kept(record);
        if (kept.isEmpty()) {
            return false;
        }
        Optional<StoredBlob> blob = tree.find(BlobName.of(kept.get().name()));
        return blob.isPresent()
                && records.fileOf(blob.get().name(), blob.get().etag()).equals(record);
    }

    private boolean olderThan(Duration age, Path path) throws IOException {
        Instant limit = clock.now().minus(age);
        return FileState.of(path)
                .filter(state -> Instant.ofEpochSecond(0, state.changedNanos()).isBefore(limit))
                .isPresent();
    }
}
