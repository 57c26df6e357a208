package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EISDIR;
import static io.forebay.nativetests.posix.Errno.ENOENT;
import static io.forebay.nativetests.posix.Errno.ENOTDIR;
import static io.forebay.nativetests.posix.Errno.EPERM;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files go, and stay away; who has one open keeps it until the end. */
interface UnlinkTests extends OnGround {
    @Test
    default void removesAFile(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Posix.unlink(file);
        Expect.gone(file);
        Expect.refused(() -> Posix.unlink(file), ENOENT);
        afterRemount(here, () -> {
            Expect.gone(file);
        });
    }

    @Test
    default void anUnlinkedOpenFileIsReadAndWrittenOn(Path here) throws Exception {
        Path file = here.resolve("file");
        byte[] content = Bytes.random(1, 300_000);
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT)) {
            fd.pwrite(content, 0);
            Posix.unlink(file);
            Expect.gone(file);
            Expect.same("after unlink", Bytes.readFully(fd, 0, 400_000), content);
            fd.pwrite(Bytes.filled('x', 1_000), 100_000);
            fd.pwrite(Bytes.filled('y', 1_000), 300_000);
            Expect.same("written after unlink", Bytes.readFully(fd, 100_000, 1_000), Bytes.filled('x', 1_000));
            assertThat(fd.stat().sizeBytes()).isEqualTo(301_000);
            fd.truncate(5);
            assertThat(fd.stat().sizeBytes()).isEqualTo(5);
            fd.fsync();
        }
        Expect.gone(file);
        assertThat(Expect.names(here)).isEmpty();
        afterRemount(here, () -> {
            Expect.gone(file);
            assertThat(Expect.names(here)).isEmpty();
        });
    }

    @Test
    default void anUnlinkedCommittedFileIsReadOn(Path here) throws Exception {
        byte[] content = Bytes.random(1, 9_000_000);
        Path file = Bytes.file(here.resolve("file"), content);
        ground().remount();
        try (Fd fd = Fd.open(file, O_RDONLY)) {
            Posix.unlink(file);
            Expect.gone(file);
            Expect.same("after unlink", Bytes.readFully(fd, 0, content.length), content);
        }
        Expect.gone(file);
    }

    @Test
    default void theNameOfAnUnlinkedOpenFileIsFree(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "old");
        try (Fd old = Fd.open(file, O_RDWR)) {
            Posix.unlink(file);
            Bytes.file(file, "new and longer");
            old.pwrite(new byte[] {'O'}, 0);
            Expect.same("old", Bytes.readFully(old, 0, 100), new byte[] {'O', 'l', 'd'});
            Expect.content(file, "new and longer");
        }
        Expect.content(file, "new and longer");
        afterRemount(here, () -> {
            Expect.content(file, "new and longer");
        });
    }

    @Test
    default void aDirectoryWithAnUnlinkedOpenFileIsEmpty(Path here) throws Exception {
        Path directory = Files.createDirectory(here.resolve("directory"));
        try (Fd fd = Fd.open(directory.resolve("file"), O_WRONLY | O_CREAT)) {
            fd.write(new byte[] {1});
            Posix.unlink(directory.resolve("file"));
            Posix.rmdir(directory);
            Expect.gone(directory);
        }
        Expect.gone(directory);
        afterRemount(here, () -> {
            Expect.gone(directory);
        });
    }

    @Test
    default void removesFilesAndDirectoriesEachInTheirWay(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path directory = Files.createDirectory(here.resolve("directory"));
        Expect.refused(() -> Posix.unlink(directory), EISDIR, EPERM);
        Expect.refused(() -> Posix.rmdir(file), ENOTDIR);
        Expect.refused(() -> Posix.unlink(file.resolve("below")), ENOTDIR);
        Expect.exists(file, directory);
    }

    @Test
    default void removesATree(Path here) throws Exception {
        Path tree = Files.createDirectory(here.resolve("tree"));
        for (int i = 0; i < 30; i++) {
            Bytes.file(
                    Files.createDirectories(tree.resolve("d" + i % 5 + "/e" + i % 3))
                            .resolve("f" + i),
                    "x");
        }
        Command.of("rm", "-r", tree.toString()).succeed();
        Expect.gone(tree);
        afterRemount(here, () -> {
            Expect.gone(tree);
        });
    }
}
