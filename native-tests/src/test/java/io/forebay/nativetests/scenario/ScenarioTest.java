package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each job is done on a plain folder and on a mount, and must come to the same: at once, and again after a remount, when
 * everything comes from the store. How long each took is printed: {@code scenario=… ground=… seconds=… plain=…}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ScenarioTest {
    /** The kernel sees the same through either door; only what maps and locks files is run through both. */
    private static final String BY_JNR_FUSE = "DIRECTORY_BY_JNR_FUSE";

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(4);

    /** What the promise names: a source tree of at least so many files. */
    private static final int TREE_FILES = 5_000;

    private static final long LARGE_BYTES = 1L << 30;
    private static final int ROWS = 10_000;
    private static final int ROWS_PER_TRANSACTION = 100;

    @RegisterExtension
    final Stores stores = new Stores();

    @TempDir
    private Path work;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = BY_JNR_FUSE)
    void copiesATree(GroundKind kind) throws Exception {
        Path source = SourceTree.unpack(work.resolve("source"), TREE_FILES);
        compare(
                kind,
                new Job(
                        "cp-r-" + TREE_FILES + "-files",
                        folder -> command("cp", "-r", source.toString(), folder + "/tree"),
                        folder -> command("diff", "-r", source.toString(), folder + "/tree")));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = BY_JNR_FUSE)
    void unpacksAnArchive(GroundKind kind) throws Exception {
        Path archive = work.resolve("source.tar");
        command("tar", "cf", archive.toString(), "-C", smallTree().toString(), ".");
        compare(
                kind,
                new Job(
                        "tar-x",
                        folder -> command("tar", "xpf", archive.toString(), "-C", folder.toString()),
                        // "d" compares contents, modes, owners, times and targets with the archive.
                        folder -> command("tar", "df", archive.toString(), "-C", folder.toString())));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = BY_JNR_FUSE)
    void synchronizesATree(GroundKind kind) throws Exception {
        String source = smallTree() + "/";
        compare(
                kind,
                new Job(
                        "rsync-a",
                        folder -> command("rsync", "-a", source, folder + "/copy/"),
                        // What is printed are changes; a second run that prints nothing made none.
                        folder -> command("rsync", "-ai", source, folder + "/copy/")
                                + command("rsync", "-acni", "--delete", source, folder + "/copy/")));
    }

    @ParameterizedTest
    @EnumSource
    void keepsAGitRepository(GroundKind kind) throws Exception {
        Path source = smallTree();
        compare(kind, new Job("git", folder -> makeRepositories(source, folder), ScenarioTest::repositories));
    }

    private static void makeRepositories(Path source, Path folder) throws Exception {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        git(repository, "init", "-q", "-b", "main");
        command("cp", "-r", source + "/.", repository.toString());
        git(repository, "add", "-A");
        git(repository, "commit", "-q", "-m", "first");
        git(repository, "fsck", "--full", "--strict");
        Files.writeString(repository.resolve("added"), "content");
        git(repository, "add", "added");
        git(repository, "commit", "-q", "-m", "second");
        git(folder, "clone", "-q", "--no-local", repository.toString(), "clone");
        git(repository, "gc", "-q", "--prune=now");
    }

    private static String repositories(Path folder) throws Exception {
        StringBuilder result = new StringBuilder();
        for (String name : new String[] {"repository", "clone"}) {
            Path repository = folder.resolve(name);
            result.append(git(repository, "fsck", "--full", "--strict"));
            result.append(git(repository, "status", "--porcelain"));
            result.append(git(repository, "rev-parse", "HEAD"));
        }
        return result.toString();
    }

    private static String git(Path folder, String... arguments) throws Exception {
        String[] words = new String[arguments.length + 1];
        words[0] = "git";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        // The same author, date and settings everywhere, so that the same work has the same commit id.
        return Command.of(words)
                .in(folder)
                .within(COMMAND_LIMIT)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_SYSTEM", "/dev/null")
                .with("GIT_AUTHOR_NAME", "Test")
                .with("GIT_AUTHOR_EMAIL", "test@example.org")
                .with("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
                .with("GIT_COMMITTER_NAME", "Test")
                .with("GIT_COMMITTER_EMAIL", "test@example.org")
                .with("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
                .succeed();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = BY_JNR_FUSE)
    void keepsADatabaseWithARollbackJournal(GroundKind kind) throws Exception {
        compare(kind, database("delete"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsADatabaseWithAWriteAheadLog(GroundKind kind) throws Exception {
        compare(kind, database("wal"));
    }

    private Job database(String journalMode) throws IOException {
        Path statements = Files.writeString(work.resolve("statements.sql"), statements(journalMode));
        String look =
                "PRAGMA journal_mode; PRAGMA integrity_check; SELECT count(*), sum(id), sum(length(text)) FROM rows;"
                        + " SELECT text FROM rows WHERE id = 7777;";
        return new Job(
                "sqlite-" + journalMode,
                folder -> Command.shell("sqlite3 -bail \"$1\" <\"$2\"", folder + "/rows.db", statements)
                        .within(COMMAND_LIMIT)
                        .succeed(),
                folder -> command("sqlite3", folder + "/rows.db", look));
    }

    private static String statements(String journalMode) {
        StringBuilder sql = new StringBuilder();
        sql.append("PRAGMA journal_mode=").append(journalMode).append(";\n");
        sql.append("CREATE TABLE rows(id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n");
        for (int row = 0; row < ROWS; row++) {
            sql.append(row % ROWS_PER_TRANSACTION == 0 ? "BEGIN;\n" : "");
            sql.append("INSERT INTO rows VALUES(%d, 'row number %d');\n".formatted(row, row));
            sql.append(row % ROWS_PER_TRANSACTION == ROWS_PER_TRANSACTION - 1 ? "COMMIT;\n" : "");
        }
        return sql.toString();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = BY_JNR_FUSE)
    void keepsALargeFile(GroundKind kind) throws Exception {
        LargeFile file = new LargeFile(LARGE_BYTES);
        compare(
                kind,
                new Job(
                        "write-1-gib",
                        folder -> file.write(folder.resolve("large")),
                        folder -> Files.size(folder.resolve("large")) + " bytes, checksum "
                                + LargeFile.checksum(folder.resolve("large"))));
    }

    private void compare(GroundKind kind, Job job) throws Exception {
        Path plain = Files.createDirectory(work.resolve("plain"));
        Duration plainWork = Stopwatch.time(() -> job.work().in(plain));
        String[] result = new String[1];
        Duration plainLook = Stopwatch.time(() -> result[0] = job.result().of(plain));
        try (Ground ground = kind.open(Files.createDirectory(work.resolve("ground")), stores)) {
            try {
                onMount(ground, job, plainWork, plainLook, result[0]);
            } catch (Throwable e) {
                e.addSuppressed(new Evidence(ground.evidence()));
                throw e;
            }
        }
    }

    private static void onMount(Ground ground, Job job, Duration plainWork, Duration plainLook, String expected)
            throws Exception {
        Path folder = Files.createDirectory(ground.root().resolve("job"));
        Duration work = Stopwatch.time(() -> job.work().in(folder));
        Stopwatch.report(job.name(), ground.name(), work, plainWork);
        Duration look = Stopwatch.time(
                () -> assertThat(job.result().of(folder)).as("at once").isEqualTo(expected));
        Stopwatch.report(job.name() + "-look", ground.name(), look, plainLook);
        ground.remount();
        Duration coldLook = Stopwatch.time(
                () -> assertThat(job.result().of(folder)).as("after a remount").isEqualTo(expected));
        Stopwatch.report(job.name() + "-look-cold", ground.name(), coldLook, plainLook);
    }

    private Path smallTree() throws IOException {
        return SmallTree.make(work.resolve("source"));
    }

    private static String command(String... words) throws IOException, InterruptedException {
        return Command.of(words).within(COMMAND_LIMIT).succeed();
    }
}
