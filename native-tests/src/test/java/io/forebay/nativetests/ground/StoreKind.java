package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The stores that every test of a mount runs on. */
public enum StoreKind {
    DIRECTORY {
        @Override
        public Store open(Path work) throws IOException {
            return new DirectoryStore(Files.createTempDirectory(work, "account-"));
        }
    };

    /**
     * A store with an empty container.
     *
     * @param work a folder on a disk, that the caller removes
     */
    public abstract Store open(Path work) throws IOException, InterruptedException;
}
