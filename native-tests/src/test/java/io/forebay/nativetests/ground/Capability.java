package io.forebay.nativetests.ground;

/** What a file system may honestly not be able to do. */
public enum Capability {
    /** Two names for one file: link(2). */
    HARD_LINKS,
    /** Device nodes: mknod(2). */
    DEVICES,
    /** Swapping two names in one step: RENAME_EXCHANGE. */
    RENAME_EXCHANGE,
    /** Zeroing a range of a file in one step: FALLOC_FL_ZERO_RANGE. */
    ZERO_RANGE,
    /** A backslash in a name. */
    BACKSLASH_IN_NAMES,
    /** Control characters, a newline among them, in a name. */
    CONTROL_CHARACTERS_IN_NAMES,
    /** A name that ends in a dot. */
    NAMES_ENDING_IN_A_DOT,
    /** A time of last access that can be set, and is kept beyond a remount. */
    ACCESS_TIME,
    /** A path as deep as the kernel allows, 4,095 bytes. */
    DEEP_PATHS,
    /** An open whose file is replaced by a rename at that moment finds the old or the new one, never none. */
    OPEN_DURING_REPLACE,
    /** A second, read-only view of the same tree. */
    READ_ONLY_VIEW
}
