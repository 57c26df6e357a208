package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Path;

/** The grounds that a job is done on. */
public enum GroundKind {
    /** Proves the job itself: it comes to the same wherever it is done. */
    PLAIN {
        @Override
        public Ground open(Path work) throws IOException {
            return new PlainGround(work);
        }
    },
    DIRECTORY {
        @Override
        public Ground open(Path work) throws IOException, InterruptedException {
            return new MountedGround(work, StoreKind.DIRECTORY.open(work), Door.JNR_FUSE);
        }
    };

    /** @param work an empty folder on a disk, that the caller removes */
    public abstract Ground open(Path work) throws IOException, InterruptedException;
}
