package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import io.forebay.nativetests.ground.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs that know for themselves whether a file system is good: fio checks each block that it wrote, git each object,
 * SQLite and PostgreSQL their pages and all that they acknowledged. On a plain folder first, then on a mount that waits
 * for the store, and on one that waits for the local disk. Each is asked once more after a remount.
 *
 * <p>A program that is not installed leaves its test out, and the reason says so. It takes minutes: {@code ./dev soak
 * applications} runs it, and CI does not.
 */
@Tag("soak")
class ApplicationsTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Where distributions put PostgreSQL's own programs, and the PATH. */
    private static final String FIND_POSTGRES =
            "ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/bin 2>/dev/null | while read -r bin; do"
                    + " [ ! -x \"$bin/pg_amcheck\" ] || [ ! -x \"$bin/initdb\" ] || { echo \"$bin\"; break; }; done";

    @RegisterExtension
    final Stores stores = new Stores();

    private Path work = Path.of("/nonexistent");

    /** What the programs run on. */
    enum Under {
        PLAIN,
        BLOB,
        LOCAL;

        GroundKind kind() {
            return this == PLAIN ? GroundKind.PLAIN : GroundKind.DIRECTORY;
        }

        List<String> options() {
            return switch (this) {
                case PLAIN -> List.of();
                case BLOB -> List.of("--write-back=blob");
                case LOCAL -> List.of("--write-back=local");
            };
        }
    }

    /** Something to do in a folder that every user may reach, with the ground that it is on. */
    @FunctionalInterface
    private interface Use {
        void in(Path folder, Ground ground) throws Exception;
    }

    /** A short path: sockets of PostgreSQL, and the probes of others, allow no long one. */
    @BeforeEach
    void makeWork() throws IOException, InterruptedException {
        work = Files.createTempDirectory("f");
        Command.of("chmod", "a+rx", work.toString()).succeed();
    }

    @AfterEach
    void removeWork() throws IOException, InterruptedException {
        Command.of("rm", "-r", "--one-file-system", work.toString()).succeed();
    }

    private void use(Under under, Use use, String... more) throws Exception {
        String[] options =
                Stream.concat(under.options().stream(), Stream.of(more)).toArray(String[]::new);
        try (Ground ground = under.kind().open(Files.createDirectory(work.resolve("g")), stores, options)) {
            try {
                Command.of("chmod", "a+rx", work.resolve("g").toString()).succeed();
                use.in(Files.createDirectory(ground.root().resolve("app")), ground);
            } catch (Throwable e) {
                e.addSuppressed(new Evidence(ground.evidence()));
                throw e;
            }
        }
    }

    // ---- fio -------------------------------------------------------------------------------------------------------

    private static final List<List<String>> ENGINES = List.of(
            List.of("--ioengine=psync"),
            List.of("--ioengine=psync", "--fsync=32"),
            List.of("--ioengine=mmap"),
            List.of("--ioengine=libaio", "--direct=1", "--iodepth=8"));

    @ParameterizedTest
    @EnumSource
    void fioReadsWhatItWrote(Under under) throws Exception {
        assumeInstalled("fio");
        use(under, (folder, ground) -> {
            for (int i = 0; i < ENGINES.size(); i++) {
                List<String> engine = ENGINES.get(i);
                fio(folder, engine, "--name=mixed-" + i, "--rw=randrw", "--do_verify=1", "--verify_backlog=64");
                fio(folder, engine, "--name=kept-" + i, "--rw=randwrite", "--do_verify=0");
            }
            ground.remount();
            for (int i = 0; i < ENGINES.size(); i++) {
                fio(folder, ENGINES.get(i), "--name=kept-" + i, "--rw=randwrite", "--verify_only");
            }
        });
    }

    private static void fio(Path folder, List<String> engine, String... job) throws Exception {
        List<String> words = Stream.of(
                        Stream.of("fio", "--directory=" + folder, "--size=16m", "--bs=4k-256k", "--numjobs=2"),
                        Stream.of("--verify=crc32c", "--verify_fatal=1", "--minimal"),
                        engine.stream(),
                        Stream.of(job))
                .flatMap(part -> part)
                .toList();
        Command.of(words).in(folder.getRoot().resolve("tmp")).within(LIMIT).succeed();
    }

    // ---- git -------------------------------------------------------------------------------------------------------

    /** {@link ScenarioTest} does more of it where a close waits for the store. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BLOB")
    void gitKeepsWhatItCloned(Under under) throws Exception {
        assumeInstalled("git");
        Path origin = work.resolve("origin");
        Path source = SmallTree.make(work.resolve("source"));
        git(work, "init", "-q", origin.toString());
        Command.of("cp", "-r", source + "/.", origin.toString()).within(LIMIT).succeed();
        git(origin, "add", "-A");
        git(origin, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "all");
        use(under, (folder, ground) -> {
            Path clone = folder.resolve("clone");
            git(folder, "clone", "-q", "--no-local", origin.toString(), clone.toString());
            git(clone, "fsck", "--full", "--strict");
            git(clone, "gc", "-q", "--prune=now");
            ground.remount();
            git(clone, "fsck", "--full", "--strict");
            assertThat(git(clone, "status", "--porcelain")).isEmpty();
            assertThat(git(clone, "rev-parse", "HEAD")).isEqualTo(git(origin, "rev-parse", "HEAD"));
        });
    }

    private static String git(Path folder, String... arguments) throws Exception {
        return Command.of(Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
                .in(folder)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_SYSTEM", "/dev/null")
                .within(LIMIT)
                .succeed();
    }

    // ---- databases -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void sqliteHasEveryRowThatItAcknowledgedThoughItsWritersAreKilled(Under under) throws Exception {
        assumeInstalled("sqlite3");
        use(under, (folder, ground) -> {
            List<SqliteWriters> databases = new ArrayList<>();
            for (String journal : List.of("delete", "wal")) {
                Path acknowledged = Files.createDirectory(work.resolve(journal));
                databases.add(new SqliteWriters(folder.resolve(journal + ".db"), acknowledged, journal));
            }
            for (SqliteWriters writers : databases) {
                for (int round = 0; round < 2; round++) {
                    writers.writeAndBeKilled(round);
                    writers.expectWhatWasAcknowledged();
                }
            }
            ground.remount();
            for (SqliteWriters writers : databases) {
                writers.expectWhatWasAcknowledged();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void postgresRecoversFromAStopThatWritesNothingBack(Under under) throws Exception {
        Optional<Path> programs =
                Command.shell(FIND_POSTGRES).succeed().lines().findFirst().map(Path::of);
        assumeTrue(programs.isPresent(), "PostgreSQL 14 or newer, with pg_amcheck, is not installed");
        assumeTrue(Users.isRoot(), "PostgreSQL does not run as root, and only root can run it as somebody else");
        use(
                under,
                (folder, ground) -> {
                    Postgres postgres =
                            new Postgres(programs.orElseThrow(), folder, Files.createDirectory(work.resolve("s")));
                    postgres.create();
                    postgres.start();
                    try {
                        postgres.load();
                        String before = postgres.sums();
                        postgres.stop("immediate");
                        postgres.start();
                        assertThat(postgres.sums()).as("after recovery").isEqualTo(before);
                        postgres.checkTables();
                        postgres.stop("fast");
                        ground.remount();
                        postgres.checkPages();
                        postgres.start();
                        assertThat(postgres.sums()).as("after a remount").isEqualTo(before);
                    } finally {
                        postgres.stop("immediate");
                    }
                },
                under == Under.PLAIN ? new String[0] : new String[] {"-o", "allow_other"});
    }

    private static void assumeInstalled(String program) throws IOException, InterruptedException {
        boolean installed = Command.shell("command -v \"$1\"", program).run().exit() == 0;
        assumeTrue(installed, program + " is not installed");
    }
}
