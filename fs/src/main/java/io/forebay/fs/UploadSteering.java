package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an operator can do about files of a tree that are on the local disk only, by path.
 *
 * <p>Every method works on the calling thread, and stops soon after that is interrupted; what was being uploaded then goes
 * on. Watch {@code progress} from another thread.
 */
public interface UploadSteering {
    /**
     * How the files at or below {@code what} stand.
     *
     * @param most how many failures and how many conflicts to tell of
     */
    Report report(Selection what, int most);

    /**
     * Uploads at once what was closed or synced, and returns when it is in the store or has been tried. What a program has
     * open for writing and did not sync is its own affair until it does.
     *
     * @param progress is told of each file, and of those that could not be uploaded
     */
    void flush(Selection what, SteeringProgress progress) throws ForebayException;

    /**
     * The two versions of a file that somebody else has changed in the store.
     *
     * @throws ForebayException.NotFound if {@code path} has no conflict
     */
    Conflict conflict(String path) throws ForebayException;

    /** Has what is here replace what is in the store, whatever that is by now, and uploads it. */
    void retry(List<String> paths, SteeringProgress progress) throws ForebayException;

    /**
     * Gives up what is here, for good; the paths show what is in the store. A file that somebody has open stays as it is,
     * and so does one of which the store has nothing.
     */
    void discard(List<String> paths, SteeringProgress progress) throws ForebayException;

    /** So many files with so many bytes. */
    record Sum(long files, long bytes) {}

    /**
     * What is on the local disk only.
     *
     * @param waiting for their turn
     * @param uploading now
     * @param failed at least once, and waiting for the next try
     * @param conflicting that somebody else has changed in the store
     * @param oldest how long the first of them waits; zero if there is none
     * @param failures some of those that failed, the oldest first
     * @param conflicts some of those that are in conflict, the oldest first
     */
    record Report(
            Sum waiting,
            Sum uploading,
            Sum failed,
            Sum conflicting,
            Duration oldest,
            List<PendingUpload> failures,
            List<PendingUpload> conflicts) {
        public Report {
            failures = List.copyOf(failures);
            conflicts = List.copyOf(conflicts);
        }

        /** All of them. */
        public Sum all() {
            return new Sum(
                    waiting.files + uploading.files + failed.files + conflicting.files,
                    waiting.bytes + uploading.bytes + failed.bytes + conflicting.bytes);
        }
    }

    /**
     * One version of a file.
     *
     * @param etag of the blob; for what is here, that of the version that it was to replace; empty if there was none
     */
    record Version(long sizeBytes, Instant modified, String etag) {}

    /**
     * A file of which there are two versions.
     *
     * @param path from the root of the tree
     * @param theirs what is in the store; empty if it is gone from there
     */
    record Conflict(String path, Version ours, Optional<Version> theirs) {}
}
