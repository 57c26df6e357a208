package io.forebay.fs;

/** Takes the entries of a directory. */
@FunctionalInterface
public interface DirectorySink {
    /**
     * Takes one entry.
     *
     * @param name within the directory; "." and ".." come first
     * @param attributes of the inode; its lookup count is not raised
     * @param nextCookie what to pass to {@link FileSystemOperations#readdir} to go on behind this entry
     * @return false if there was no room for it: it was not taken, and no more are wanted now
     */
    boolean accept(String name, Attributes attributes, long nextCookie);

    /**
     * Takes one entry whose inode's lookup count was raised by one, for the taker to lower. What it does not take, whoever
     * offered it lowers. A sink that is only ever handed to {@link FileSystemOperations#readdir} is offered none.
     */
    default boolean acceptFound(String name, Attributes attributes, long nextCookie) {
        throw new UnsupportedOperationException("only entries that were not looked up are expected here");
    }
}
