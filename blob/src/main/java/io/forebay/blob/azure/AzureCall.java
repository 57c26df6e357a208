package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException.Unavailable;

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

    Unavailable unavailable(String reason) {
        return new Unavailable(failedBecause(reason));
    }
}
