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
    AZURITE;

    /** @param work an empty folder on a disk, that the caller removes */
    public Ground open(Path work, Stores stores) throws IOException, InterruptedException {
        return switch (this) {
            case PLAIN -> new PlainGround(work);
            case DIRECTORY -> new MountedGround(work, stores.open(StoreKind.DIRECTORY, work), Door.KERNEL);
            case DIRECTORY_BY_JNR_FUSE ->
                new MountedGround(work, stores.open(StoreKind.DIRECTORY, work), Door.JNR_FUSE);
            case AZURITE -> new MountedGround(work, stores.open(StoreKind.AZURITE, work), Door.KERNEL);
        };
    }
}
