package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A file system that can be mounted over a container of the simulator. */
interface Contender {
    String name();

    /**
     * Whether it takes a whole file from the store before the first byte is read, so that a file larger than the disk is
     * nothing for it.
     */
    boolean fetchesWholeFiles();

    /**
     * Mounts, and returns when it answers.
     *
     * @param home an empty folder for all that it keeps; a second mount with the same one finds what the first has cached
     */
    MountedStore mount(SimulatedStore store, String container, Path home) throws IOException;
}
