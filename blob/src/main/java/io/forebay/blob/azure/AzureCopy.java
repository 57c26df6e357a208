package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.CopyRequests.Copied;
import java.time.Duration;
import java.util.Map;

/**
 * One Copy Blob: begun, watched until the store has done it, and broken off if that takes too long.
 *
 * @param call what is being asked
 * @param requests those about the target
 */
record AzureCopy(AzureCall call, CopyRequests requests) {
    /** Doubled with each look: a copy that is not done at once is either small and nearly done, or gigabytes. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Copies, and returns the target's properties when it is complete. */
    BlobProperties run(
            String sourceUrl, Precondition source, Precondition onTarget, Map<String, String> labels, Deadline deadline)
            throws ForebayException {
        String copyId = requests.begin(sourceUrl, source, onTarget, labels, deadline);
        try {
            return completed(copyId, deadline);
        } catch (ForebayException.Unavailable | ForebayException.Interrupted unfinished) {
            // The deadline may be over. The store refuses if the copy is no longer running, which is as well.
            requests.abort(copyId);
            throw unfinished;
        }
    }

    private BlobProperties completed(String copyId, Deadline deadline) throws ForebayException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            Copied found = look(deadline);
            if (!copyId.equals(found.copyId())) {
                throw call.unavailable("it was begun, and another client replaced it at once");
            }
            if ("success".equals(found.status())) {
                return found.properties();
            }
            if (!"pending".equals(found.status())) {
                throw call.unavailable("the store ended it as " + found.status());
            }
            sleep(pause, deadline);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Copied look(Deadline deadline) throws ForebayException {
        try {
            return requests.look(deadline);
        } catch (ForebayException.NotFound deleted) {
            // "Not found" would say that nothing was copied.
            throw call.unavailable("it was begun, and another client deleted it at once");
        }
    }

    private void sleep(Duration pause, Deadline deadline) throws ForebayException {
        if (pause.compareTo(deadline.remaining()) >= 0) {
            throw call.unavailable("the store is still copying at the deadline");
        }
        try {
            deadline.clock().sleep(pause);
        } catch (InterruptedException interrupted) {
            throw AzureFailures.interrupted(call, interrupted);
        }
    }
}
