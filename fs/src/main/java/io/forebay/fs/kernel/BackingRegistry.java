package io.forebay.fs.kernel;

import java.nio.file.Path;
import java.util.OptionalInt;

/** Where the kernel keeps the files that it reads and writes without us. */
interface BackingRegistry {
    /** Takes none: the kernel is too old, we lack the right, or it was not wanted. */
    BackingRegistry CLOSED = new BackingRegistry() {
        @Override
        public boolean takesFiles() {
            return false;
        }

        @Override
        public OptionalInt openBacking(Path file) {
            return OptionalInt.empty();
        }

        @Override
        public boolean isWrittenElsewhere(Path file) {
            return false;
        }

        @Override
        public void closeBacking(int backingId) {}
    };

    default boolean takesFiles() {
        return true;
    }

    /** Registers a file; empty where the kernel does not take this one, for example on a stacked file system. */
    OptionalInt openBacking(Path file);

    /**
     * Whether somebody still has {@code file} open for writing, or mapped by a descriptor that is closed already: of a
     * mapping the kernel tells nobody when it ends. A last close may itself take a moment to show here.
     */
    boolean isWrittenElsewhere(Path file);

    /** Withdraws it: what is open with it stays open. */
    void closeBacking(int backingId);
}
