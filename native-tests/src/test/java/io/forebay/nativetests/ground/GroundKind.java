package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Path;

/** The grounds that tests stand on. */
public enum GroundKind {
    /** Proves the tests themselves. */
    PLAIN,
    DIRECTORY,
    /** The directory store again, through the other door. */
    DIRECTORY_BY_JNR_FUSE,
    AZURITE,
    /** Azurite again, through the Azure SDK, which is the reference for the client that is the default. */
    AZURITE_BY_SDK;

    /** @param work an empty folder on a disk, that the caller removes */
    public Ground open(Path work, Stores stores) throws IOException, InterruptedException {
        return open(work, stores, new String[0]);
    }

    /** @param options of the mount, if it is one, beside those that all have */
    public Ground open(Path work, Stores stores, String... options) throws IOException, InterruptedException {
        return switch (this) {
            case PLAIN -> new PlainGround(work);
            case DIRECTORY -> new MountedGround(work, stores.open(StoreKind.DIRECTORY, work), Door.KERNEL, options);
            case DIRECTORY_BY_JNR_FUSE ->
                new MountedGround(work, stores.open(StoreKind.DIRECTORY, work), Door.JNR_FUSE, options);
            case AZURITE -> new MountedGround(work, stores.open(StoreKind.AZURITE, work), Door.KERNEL, options);
            case AZURITE_BY_SDK ->
                new MountedGround(work, stores.open(StoreKind.AZURITE, work), Door.KERNEL, "--data-plane=sdk");
        };
    }
}
