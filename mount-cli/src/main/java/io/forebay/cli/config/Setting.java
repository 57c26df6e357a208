package io.forebay.cli.config;

/**
 * What somebody wrote for an option.
 *
 * @param text as it was written
 * @param where the flag, the variable, or the file, line and key: the start of a sentence about it
 */
record Setting(String text, String where) {
    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
        return "Setting[" + where + "]";
    }
}
