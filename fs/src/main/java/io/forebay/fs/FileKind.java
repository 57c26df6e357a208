package io.forebay.fs;

import java.util.Optional;

/** What an inode is. */
public enum FileKind {
    FILE(0100000),
    DIRECTORY(0040000),
    SYMLINK(0120000),
    /** A meeting point of processes on one node: the kernel moves the bytes, and the blob is empty. */
    FIFO(0010000),
    /** Likewise. */
    SOCKET(0140000);

    private static final int TYPE_BITS = 0170000;

    private final int modeBits;

    FileKind(int modeBits) {
        this.modeBits = modeBits;
    }

    /** The file type as {@code st_mode} carries it. */
    public int modeBits() {
        return modeBits;
    }

    /** What an {@code st_mode} says; empty for what a blob cannot stand for, which is a device. */
    public static Optional<FileKind> ofMode(int mode) {
        for (FileKind kind : values()) {
            if (kind.modeBits == (mode & TYPE_BITS)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
