package io.forebay.nativetests.thirdparty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The programs that {@code tools/posix-suites-install} builds. */
final class PosixSuites {
    /** Compiling both on two slow cores. */
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(15);

    private static final int NO_CARGO = 3;

    private PosixSuites() {}

    /** The program of that name; skips the test where it cannot be had. */
    static Path program(String name) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("forebay.root"));
        Finished install = Command.of(
                        root.resolve("tools").resolve("posix-suites-install").toString())
                .within(BUILD_LIMIT)
                .run();
        assumeTrue(install.exit() != NO_CARGO, install.stderr());
        return Path.of(install.orFail().stdout().strip()).resolve(name);
    }
}
