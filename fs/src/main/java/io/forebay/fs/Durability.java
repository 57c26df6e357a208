package io.forebay.fs;

/**
 * Where the changes of a file are safe when a system call returns.
 *
 * @param close of close(2)
 * @param fsync of fsync(2) and fdatasync(2)
 */
public record Durability(Level close, Level fsync) {
    /** Where changes are. */
    public enum Level {
        /**
         * On the cache disk: they outlive the process, and after fsync(2) a power cut of this machine too. The upload
         * follows.
         */
        LOCAL,
        /** In the store, for all to see. */
        BLOB
    }

    /** Nothing is acknowledged that is not in the store. */
    public static final Durability BLOB = new Durability(Level.BLOB, Level.BLOB);

    /** Nobody waits for the store. */
    public static final Durability LOCAL = new Durability(Level.LOCAL, Level.LOCAL);
}
