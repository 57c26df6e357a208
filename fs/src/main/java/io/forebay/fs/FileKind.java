package io.forebay.fs;

/** What an inode is. */
public enum FileKind {
    FILE(0100000),
    DIRECTORY(0040000),
    SYMLINK(0120000);

    private final int modeBits;

    FileKind(int modeBits) {
        this.modeBits = modeBits;
    }

    /** The file type as {@code st_mode} carries it. */
    public int modeBits() {
        return modeBits;
    }
}
