package io.forebay.fs;

/**
 * Tells of changes that no request asked for. A file system may be one beside its {@link FileSystemOperations}; a door
 * then passes on what it hears, and what the kernel remembers stays true even if it may remember for long.
 */
public interface ChangeSource {
    /** From now on {@code listener} is told, and nobody else. */
    void tell(ChangeListener listener);
}
