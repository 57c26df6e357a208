package io.forebay.nativetests.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Users;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** pjdfstest: errnos, times and permissions of every system call on names. */
class PjdfstestTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** {@code chmod::eperm::regular      ok}. */
    private static final Pattern RESULT = Pattern.compile("(?m)^(\\S+::\\S+) +(ok|FAILED|skipped)$");

    /** How many there are in the version that is pinned, so that a suite that ran nothing is noticed. */
    private static final int TESTS = 398;

    private static final String CONFIGURATION = """
            [features]
            posix_fallocate = {}
            rename_ctime = {}
            [settings]
            naptime = 0.01
            allow_remount = false
            [dummy_auth]
            entries = [["nobody", "nogroup"], ["daemon", "daemon"]]
            """;

    @RegisterExtension
    final SuiteGround grounds = new SuiteGround();

    @ParameterizedTest
    @EnumSource(
            value = GroundKind.class,
            names = {"PLAIN", "DIRECTORY", "DIRECTORY_BY_JNR_FUSE"})
    void the_tree_behaves_as_POSIX_says(GroundKind kind, @TempDir Path work) throws Exception {
        Path program = PosixSuites.program("pjdfstest");
        assumeTrue(Users.isRoot(), "pjdfstest acts as several users, and so must be run by root");
        Ground ground = grounds.open(kind, "-o", "allow_other");
        // Other users walk down to it, and a temporary folder is its owner's only.
        Command.shell("chmod a+rx \"$(dirname \"$1\")\"", ground.root()).succeed();
        Path configuration = Files.writeString(work.resolve("pjdfstest.toml"), CONFIGURATION);
        Path here = Files.createDirectory(ground.root().resolve("p"));

        Finished run = Command.of(program.toString(), "-c", configuration.toString(), "-p", here.toString())
                .within(LIMIT)
                .explainedBy(ground::evidence)
                .run();

        List<MatchResult> results = RESULT.matcher(run.stdout()).results().toList();
        assertThat(results).as(run.stdout() + run.stderr()).hasSize(TESTS);
        List<String> failed = results.stream()
                .filter(result -> result.group(2).equals("FAILED"))
                .map(result -> result.group(1))
                .toList();
        ExpectedFailures expected = kind == GroundKind.PLAIN
                ? ExpectedFailures.none()
                : ExpectedFailures.read("pjdfstest-expected-failures.txt");
        assertThat(expected.differences(failed)).as(run.stdout()).isEmpty();
    }
}
