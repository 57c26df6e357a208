package io.forebay.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** What keeps bytes when the machine loses its power. */
@FunctionalInterface
interface StableStorage {
    /** The machine's disks. */
    StableStorage DISKS = (file, _) -> file.force(false);

    /** When this returns, what was written to the file at {@code path}, which {@code file} has open, outlives the power. */
    void force(FileChannel file, Path path) throws IOException;
}
