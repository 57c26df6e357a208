package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** The suite on a plain folder: proves the tests themselves. */
class PlainMountTest extends MountSuite {
    PlainMountTest() {
        super(GroundKind.PLAIN);
    }
}
