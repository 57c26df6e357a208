package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A mount that is measured, by the process that serves it. Closing it unmounts, and waits for the end of the process. */
interface MountedStore extends AutoCloseable {
    Path root();

    ProcessHandle daemon();

    @Override
    void close() throws IOException;
}
