package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.DirectoryStore;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.MountedGround;
import java.io.IOException;
import java.nio.file.Path;

/** The suite on a mount of the directory store. */
class DirectoryMountTest extends MountSuite {
    @Override
    Ground open(Path work) throws IOException, InterruptedException {
        return new MountedGround(work, new DirectoryStore(work.resolve("account")), Door.JNR_FUSE);
    }
}
