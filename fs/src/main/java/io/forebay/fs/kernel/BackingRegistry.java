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
        public OptionalInt openBacking(Path file, boolean writable) {
            return OptionalInt.empty();
        }

        @Override
        public void closeBacking(int backingId) {}
    };

    default boolean takesFiles() {
        return true;
    }

    /** Registers a file; empty where the kernel does not take this one, for example on a stacked file system. */
    OptionalInt openBacking(Path file, boolean writable);

    /** Withdraws it: what is open with it stays open. */
    void closeBacking(int backingId);
}
