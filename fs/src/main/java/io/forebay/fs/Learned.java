package io.forebay.fs;

/** What an answer of the store means for an inode. */
enum Learned {
    NOTHING,
    /** It is that version now. */
    ANOTHER_VERSION,
    /**
     * There is another version, and nothing was taken over: an inode that is open stays what it is, since for the kernel
     * it has one content. The name is now another inode's.
     */
    REPLACED
}
