package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** The suite on a mount of a container of Azurite, through the kernel door. */
class AzuriteMountTest extends MountSuite {
    AzuriteMountTest() {
        super(GroundKind.AZURITE);
    }
}
