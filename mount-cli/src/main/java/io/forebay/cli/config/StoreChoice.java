package io.forebay.cli.config;

import java.nio.file.Path;

/** Which kind of store was asked for. */
public sealed interface StoreChoice {
    /** Azure Blob Storage. */
    record Azure() implements StoreChoice {}

    /**
     * A folder of this machine.
     *
     * @param account the folder whose sub-folders are the containers
     */
    record Directory(Path account) implements StoreChoice {}
}
