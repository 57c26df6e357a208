package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Precondition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link AzureCopy} asks of the store about one target; each is one request. */
interface CopyRequests {
    /**
     * Starts the copy.
     *
     * @param labels the headers that put on it what the store does not copy by itself
     * @return the store's id of it
     */
    String begin(
            String sourceUrl, Precondition source, Precondition onTarget, Map<String, String> labels, Deadline deadline)
            throws ForebayException;

    /** The target now, and the last copy to it. */
    Copied look(Deadline deadline) throws ForebayException;

    /** Asks the store to give up, and does not wait for its answer. */
    void abort(String copyId);

    /**
     * A blob, and the last copy to it.
     *
     * @param copyId the store's id of the copy, or null if there was none
     * @param status {@code success}, {@code pending}, {@code aborted} or {@code failed}, or null
     * @param properties of the blob
     */
    record Copied(@Nullable String copyId, @Nullable String status, BlobProperties properties) {}
}
