package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;

/** Which names Azure keeps as they are. Source: Azure Storage REST, "Naming and referencing containers, blobs, and metadata". */
final class AzureNames {
    private static final int MAX_CHARACTERS = 1_024;

    private AzureNames() {}

    /** Refuses what cannot be a blob's name. */
    static void check(AzureCall call, String name) throws ForebayException {
        if (name.isEmpty() || name.startsWith("/")) {
            throw new ForebayException.InvalidArgument(
                    call.failedBecause("a name has at least one character and does not begin with a slash"));
        }
        if (name.length() > MAX_CHARACTERS) {
            throw new ForebayException.NameTooLong(
                    call.failedBecause("a name has at most " + MAX_CHARACTERS + " characters"));
        }
    }

    /** Whether the service would take {@code name} for another one: it turns a backslash into a slash. */
    static boolean isKeptAsAnother(String name) {
        return name.indexOf('\\') >= 0;
    }
}
