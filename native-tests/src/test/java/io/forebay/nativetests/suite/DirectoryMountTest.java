package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** The suite on a mount of the directory store, through the kernel door. */
class DirectoryMountTest extends MountSuite {
    DirectoryMountTest() {
        super(GroundKind.DIRECTORY);
    }
}
