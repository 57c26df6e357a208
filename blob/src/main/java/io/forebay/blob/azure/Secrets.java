package io.forebay.blob.azure;

import java.util.regex.Pattern;

/** Takes signatures out of texts that others wrote. */
final class Secrets {
    // The value of sig= in a URL, and what follows the account in an Authorization header.
    private static final Pattern SIGNATURE =
            Pattern.compile("(\\bsig=)[^&\\s'\"]+|(SharedKey(?:Lite)? [^:\\s]+:)\\S+", Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    static String redact(String text) {
        return SIGNATURE
                .matcher(text)
                .replaceAll(found -> (found.group(1) == null ? found.group(2) : found.group(1)) + "***");
    }
}
