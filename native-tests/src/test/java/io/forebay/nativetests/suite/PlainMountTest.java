package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.PlainGround;
import java.io.IOException;
import java.nio.file.Path;

/** The suite on a plain folder: proves the tests themselves. */
class PlainMountTest extends MountSuite {
    @Override
    Ground open(Path work) throws IOException {
        return new PlainGround(work);
    }
}
