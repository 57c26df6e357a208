package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** The suite on a mount of the directory store, through libfuse 2. */
class DirectoryByJnrFuseMountTest extends MountSuite {
    DirectoryByJnrFuseMountTest() {
        super(GroundKind.DIRECTORY_BY_JNR_FUSE);
    }
}
