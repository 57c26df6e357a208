package io.forebay.nativetests.thirdparty;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** fsx: every read sees what was written last, whatever came in between. */
class FsxTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final int OPERATIONS = 7_000;

    /** A close or an fsync is a commit of the whole file: few of them, and a small file. */
    private static final String CONFIGURATION = """
            flen = 262144
            [opsize]
            max = 32768
            [weights]
            close_open = 0.3
            invalidate = 0.3
            mapread = 10.0
            mapwrite = 10.0
            read = 10.0
            write = 10.0
            truncate = 5.0
            fsync = 0.1
            fdatasync = 0.1
            posix_fallocate = 3.0
            punch_hole = 3.0
            copy_file_range = 3.0
            sendfile = 2.0
            posix_fadvise = 1.0
            """;

    @RegisterExtension
    final SuiteGround grounds = new SuiteGround();

    @ParameterizedTest
    @CsvSource({
        "PLAIN, 1",
        "PLAIN, 2",
        "PLAIN, 3",
        "DIRECTORY, 1",
        "DIRECTORY, 2",
        "DIRECTORY, 3",
        "DIRECTORY_BY_JNR_FUSE, 1",
        "DIRECTORY_BY_JNR_FUSE, 2",
        "DIRECTORY_BY_JNR_FUSE, 3"
    })
    void every_read_sees_what_was_written(GroundKind kind, int seed, @TempDir Path work) throws Exception {
        Path program = PosixSuites.program("fsx");
        Ground ground = grounds.open(kind);
        Path configuration = Files.writeString(work.resolve("fsx.toml"), CONFIGURATION);

        Command.of(
                        program.toString(),
                        "-N",
                        Integer.toString(OPERATIONS),
                        "-S",
                        Integer.toString(seed),
                        "-f",
                        configuration.toString(),
                        "-P",
                        work.toString(),
                        ground.root().resolve("file").toString())
                .within(LIMIT)
                .explainedBy(ground::evidence)
                .succeed();
    }
}
