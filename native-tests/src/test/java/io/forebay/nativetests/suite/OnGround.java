package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.Ground;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that stand on a {@link Ground}; a parameter of type {@code Path} is an empty folder of it. */
@ExtendWith(GroundExtension.class)
interface OnGround {
    Ground ground();

    /** Looks at what a test left behind. */
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    /**
     * Has {@code check} made when all tests are through, after a remount that they share: everything then comes from the
     * store. Nobody may change {@code here} any more.
     */
    void afterRemount(Path here, Check check);

    default void nowAndAfterRemount(Path here, Check check) throws Exception {
        check.run();
        afterRemount(here, check);
    }
}
