package io.forebay.fs;

import java.time.Duration;

/**
 * A file that is on the local disk and not, or not so, in the store.
 *
 * @param path in the container
 * @param sizeBytes of the file now
 * @param state what it waits for
 * @param age since when it waits
 * @param reason what the last try failed with; empty if none did
 */
public record PendingUpload(String path, long sizeBytes, State state, Duration age, String reason) {
    /** What it waits for. */
    public enum State {
        /** Its turn. */
        WAITING,
        /** It is on its way. */
        UPLOADING,
        /** The next try. */
        FAILED,
        /** A person, since somebody else has changed the blob. */
        CONFLICT
    }
}
