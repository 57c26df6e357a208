package io.forebay.fs;

/** What a rename may do to what stands at its target. */
public enum RenameMode {
    /** Replace it, as rename(2) does. */
    REPLACE,
    /** Fail with {@code AlreadyExists} (RENAME_NOREPLACE). */
    NO_REPLACE
}
