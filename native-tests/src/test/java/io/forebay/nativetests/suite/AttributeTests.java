package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Users;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import io.forebay.nativetests.posix.Stat;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stat shows is true, and what chmod, chown and utimens set is kept. */
interface AttributeTests extends OnGround {
    long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {0600, 0644, 0755, 0400, 0777, 0000, 01777, 02755, 04755})
    default void keepsPermissions(int permissions, Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path directory = Files.createDirectory(here.resolve("directory"));
        Posix.chmod(file, permissions);
        Posix.chmod(directory, permissions);
        assertThat(Posix.stat(file).permissions()).isEqualTo(permissions);
        assertThat(Posix.stat(directory).permissions()).isEqualTo(permissions);
        afterRemount(here, () -> {
            assertThat(Posix.stat(file).permissions()).isEqualTo(permissions);
            assertThat(Posix.stat(directory).permissions()).isEqualTo(permissions);
            Expect.content(file, "content");
        });
    }

    @Test
    default void newEntriesHaveTheModeAskedForLessTheUmask(Path here) throws Exception {
        Command.shell("cd \"$1\"; umask 027; touch file; mkdir directory; umask 0; touch open", here)
                .succeed();
        nowAndAfterRemount(here, () -> {
            assertThat(Posix.stat(here.resolve("file")).permissions()).isEqualTo(0640);
            assertThat(Posix.stat(here.resolve("directory")).permissions()).isEqualTo(0750);
            assertThat(Posix.stat(here.resolve("open")).permissions()).isEqualTo(0666);
        });
    }

    @Test
    default void aFileCreatedReadOnlyCanBeWrittenByItsCreator(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT, 0444)) {
            fd.write(new byte[] {'x'});
        }
        Expect.content(file, "x");
        assertThat(Posix.stat(file).permissions()).isEqualTo(0444);
    }

    @Test
    default void newEntriesBelongToTheirCreator(Path here) throws Exception {
        Bytes.file(here.resolve("file"), "content");
        Posix.symlink("file", here.resolve("link"));
        Stat file = Posix.lstat(here.resolve("file"));
        assertThat(file.uid()).isEqualTo(Users.uid());
        assertThat(file.gid()).isEqualTo(Users.gid());
        assertThat(Posix.lstat(here.resolve("link")).uid()).isEqualTo(Users.uid());
    }

    @Test
    default void keepsOwners(Path here) throws Exception {
        assumeTrue(Users.isRoot(), "only root may give files away");
        Path file = Bytes.file(here.resolve("file"), "content");
        Path directory = Files.createDirectory(here.resolve("directory"));
        Path link = here.resolve("link");
        Posix.symlink("file", link);
        for (Path path : new Path[] {file, directory, link}) {
            Posix.chown(path, 12_345, 54_321);
        }
        Posix.chown(file, Posix.KEEP, 777);
        nowAndAfterRemount(here, () -> {
            assertThat(Posix.stat(file).uid()).isEqualTo(12_345);
            assertThat(Posix.stat(file).gid()).isEqualTo(777);
            assertThat(Posix.stat(directory).uid()).isEqualTo(12_345);
            assertThat(Posix.lstat(link).gid()).isEqualTo(54_321);
        });
        Expect.content(link, "content");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_000_000_000_123_456_789L, 1_234_567_890_000_000_001L, 4_102_444_800_999_999_999L})
    default void keepsTimesToTheNanosecond(long nanos, Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path directory = Files.createDirectory(here.resolve("directory"));
        Posix.utimens(file, nanos + 2 * SECOND, nanos);
        Posix.utimens(directory, nanos + 2 * SECOND, nanos);
        nowAndAfterRemount(here, () -> {
            assertThat(Posix.stat(file).modifyNanos()).isEqualTo(nanos);
            assertThat(Posix.stat(directory).modifyNanos()).isEqualTo(nanos);
            if (ground().lacks(Capability.ACCESS_TIME).isEmpty()) {
                assertThat(Posix.stat(file).accessNanos()).isEqualTo(nanos + 2 * SECOND);
            }
        });
    }

    @Test
    default void theTimeMovesWithEachWrite(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Posix.utimens(file, SECOND, SECOND);
        long before = nowNanos();
        try (Fd fd = Fd.open(file, O_WRONLY)) {
            fd.write(new byte[] {'C'});
            assertThat(fd.stat().modifyNanos()).isGreaterThan(before - SECOND);
            assertThat(Posix.stat(file).modifyNanos()).isGreaterThan(before - SECOND);
        }
        assertThat(Posix.stat(file).modifyNanos())
                .isBetween(before - SECOND, nowNanos() + Duration.ofSeconds(1).toNanos());
        afterRemount(here, () -> {
            assertThat(Posix.stat(file).modifyNanos()).isGreaterThan(before - SECOND);
        });
    }

    /** {@code cp -p} and tar set the time of a file that they have just written and not yet closed. */
    @Test
    default void aTimeSetWhileOpenSurvivesTheClose(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT)) {
            fd.write(Bytes.random(1, 100_000));
            Posix.utimens(file, 7 * SECOND, 5 * SECOND + 3);
            Posix.chmod(file, 0604);
        }
        nowAndAfterRemount(here, () -> {
            assertThat(Posix.stat(file).modifyNanos()).isEqualTo(5 * SECOND + 3);
            assertThat(Posix.stat(file).permissions()).isEqualTo(0604);
            Expect.content(file, Bytes.random(1, 100_000));
        });
    }

    @Test
    default void readingDoesNotMoveTheTimeOfTheContent(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Posix.utimens(file, SECOND, SECOND);
        Expect.content(file, "content");
        Fd.open(file, O_WRONLY).close();
        assertThat(Posix.stat(file).modifyNanos()).isEqualTo(SECOND);
    }

    @Test
    default void aDirectorysTimeMovesWithItsEntries(Path here) throws Exception {
        Path directory = Files.createDirectory(here.resolve("directory"));
        Posix.utimens(directory, SECOND, SECOND);
        long before = nowNanos();
        Bytes.file(directory.resolve("file"), "content");
        assertThat(Posix.stat(directory).modifyNanos()).isGreaterThan(before - SECOND);
        Posix.utimens(directory, SECOND, SECOND);
        Files.delete(directory.resolve("file"));
        assertThat(Posix.stat(directory).modifyNanos()).isGreaterThan(before - SECOND);
    }

    @Test
    default void theSizeGrowsWithEachWrite(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT)) {
            for (int i = 1; i <= 20; i++) {
                fd.write(Bytes.random(i, 10_007));
                assertThat(fd.stat().sizeBytes()).isEqualTo(10_007L * i);
                assertThat(Posix.stat(file).sizeBytes()).isEqualTo(10_007L * i);
            }
            assertThat(Command.of("stat", "-c", "%s", file.toString()).succeed().strip())
                    .isEqualTo("200140");
        }
        assertThat(Posix.stat(file).sizeBytes()).isEqualTo(200_140);
        assertThat(Posix.stat(file).blocks()).isPositive();
    }

    @Test
    default void inodesStayWhileTheMountLives(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path other = Bytes.file(here.resolve("other"), "content");
        long inode = Posix.stat(file).inode();
        assertThat(Posix.stat(other).inode()).isNotEqualTo(inode);
        Bytes.file(file, "more content");
        assertThat(Posix.stat(file).inode()).isEqualTo(inode);
        try (Fd fd = Fd.open(file, O_RDONLY)) {
            assertThat(fd.stat().inode()).isEqualTo(inode);
        }
    }

    @Test
    default void theFileSystemHasASize(Path here) throws Exception {
        FileStore store = Files.getFileStore(here);
        assertThat(store.getTotalSpace()).isPositive();
        assertThat(store.getUsableSpace()).isPositive().isLessThanOrEqualTo(store.getTotalSpace());
        assertThat(Command.of("stat", "-f", "-c", "%l", here.toString())
                        .succeed()
                        .strip())
                .isEqualTo("255");
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * SECOND + now.getNano();
    }
}
