package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** The suite on a mount of a container of Azurite, through libfuse 2. */
class AzuriteByJnrFuseMountTest extends MountSuite {
    AzuriteByJnrFuseMountTest() {
        super(GroundKind.AZURITE_BY_JNR_FUSE);
    }
}
