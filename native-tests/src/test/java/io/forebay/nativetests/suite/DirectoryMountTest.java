package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** The suite on a mount of the directory store. */
class DirectoryMountTest extends MountSuite {
    DirectoryMountTest() {
        super(GroundKind.DIRECTORY);
    }
}
