package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.time.Deadline;

/**
 * What is being asked of the store, in words: the beginning of every message.
 *
 * @param doing {@code "read blob a/b"}
 * @param container where, for a person
 */
record AzureCall(String doing, String container) {
    /** One sentence: what failed, where, and why. */
    String failedBecause(String reason) {
        return "cannot " + doing + " in " + container + ": " + reason;
    }

    void checkTimeLeft(Deadline deadline) throws Unavailable {
        if (deadline.passed()) {
            throw unavailable("no answer before the deadline");
        }
    }

    Unavailable unavailable(String reason) {
        return new Unavailable(failedBecause(reason));
    }
}
