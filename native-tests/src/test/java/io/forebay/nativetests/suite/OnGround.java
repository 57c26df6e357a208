package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.Ground;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that stand on a {@link Ground}; a parameter of type {@code Path} is an empty folder of it. */
@ExtendWith(GroundExtension.class)
interface OnGround {
    Ground ground();
}
