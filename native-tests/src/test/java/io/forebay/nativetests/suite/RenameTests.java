package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EBUSY;
import static io.forebay.nativetests.posix.Errno.EEXIST;
import static io.forebay.nativetests.posix.Errno.EINVAL;
import static io.forebay.nativetests.posix.Errno.EISDIR;
import static io.forebay.nativetests.posix.Errno.ENOENT;
import static io.forebay.nativetests.posix.Errno.ENOSYS;
import static io.forebay.nativetests.posix.Errno.ENOTDIR;
import static io.forebay.nativetests.posix.Errno.ENOTEMPTY;
import static io.forebay.nativetests.posix.Errno.EOPNOTSUPP;
import static io.forebay.nativetests.posix.Errno.EXDEV;
import static io.forebay.nativetests.posix.Fd.O_APPEND;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Names move, with everything under them; a reader finds the old or the new, never neither. */
interface RenameTests extends OnGround {
    @Test
    default void movesAFile(Path here) throws Exception {
        byte[] content = Bytes.random(1, 100_000);
        Path from = Bytes.file(here.resolve("from"), content);
        Path to = here.resolve("to");
        long inode = Posix.stat(from).inode();
        Posix.rename(from, to);
        Expect.gone(from);
        Expect.content(to, content);
        assertThat(Posix.stat(to).inode()).isEqualTo(inode);
        afterRemount(here, () -> {
            Expect.gone(from);
            Expect.content(to, content);
        });
    }

    @Test
    default void replacesAFile(Path here) throws Exception {
        Path from = Bytes.file(here.resolve("from"), "new and longer");
        Path to = Bytes.file(here.resolve("to"), "old");
        Posix.rename(from, to);
        Expect.gone(from);
        Expect.content(to, "new and longer");
        afterRemount(here, () -> {
            Expect.gone(from);
            Expect.content(to, "new and longer");
        });
    }

    @Test
    default void movesAFileIntoAnotherDirectory(Path here) throws Exception {
        Path from = Bytes.file(Files.createDirectory(here.resolve("a")).resolve("file"), "content");
        Path to = Files.createDirectories(here.resolve("b/c")).resolve("file");
        Posix.rename(from, to);
        Expect.gone(from);
        Expect.content(to, "content");
        assertThat(Expect.names(here.resolve("a"))).isEmpty();
        Posix.rmdir(here.resolve("a"));
    }

    @Test
    default void ontoItselfChangesNothing(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path directory = Files.createDirectory(here.resolve("directory"));
        Posix.rename(file, file);
        Posix.rename(directory, directory);
        Expect.content(file, "content");
        assertThat(Expect.names(here)).containsExactlyInAnyOrder("file", "directory");
    }

    @Test
    default void movesADirectoryWithItsTree(Path here) throws Exception {
        Path from = Files.createDirectory(here.resolve("from"));
        for (int i = 0; i < 20; i++) {
            Path below = Files.createDirectories(from.resolve("level" + i % 3).resolve("deeper" + i % 2));
            Bytes.file(below.resolve("file" + i), "content" + i);
        }
        Files.createDirectory(from.resolve("empty"));
        Posix.symlink("level0", from.resolve("link"));
        Path to = Files.createDirectory(here.resolve("parent")).resolve("to");
        Posix.rename(from, to);
        Expect.gone(from);
        expectMovedTree(to);
        afterRemount(here, () -> {
            Expect.gone(from);
            expectMovedTree(to);
        });
    }

    private static void expectMovedTree(Path to) throws Exception {
        for (int i = 0; i < 20; i++) {
            Expect.content(to.resolve("level" + i % 3).resolve("deeper" + i % 2).resolve("file" + i), "content" + i);
        }
        assertThat(Posix.stat(to.resolve("empty")).isDirectory()).isTrue();
        assertThat(Files.readSymbolicLink(to.resolve("link"))).isEqualTo(Path.of("level0"));
        assertThat(Expect.names(to)).containsExactlyInAnyOrder("level0", "level1", "level2", "empty", "link");
    }

    @Test
    default void replacesAnEmptyDirectory(Path here) throws Exception {
        Path from = Files.createDirectory(here.resolve("from"));
        Bytes.file(from.resolve("file"), "content");
        Path to = Files.createDirectory(here.resolve("to"));
        Posix.rename(from, to);
        Expect.gone(from);
        Expect.content(to.resolve("file"), "content");
    }

    @Test
    default void doesNotReplaceADirectoryThatHasEntries(Path here) throws Exception {
        Path from = Files.createDirectory(here.resolve("from"));
        Bytes.file(from.resolve("one"), "1");
        Path to = Files.createDirectory(here.resolve("to"));
        Bytes.file(to.resolve("two"), "2");
        Expect.refused(() -> Posix.rename(from, to), ENOTEMPTY, EEXIST);
        Expect.content(from.resolve("one"), "1");
        Expect.content(to.resolve("two"), "2");
        afterRemount(here, () -> {
            Expect.refused(() -> Posix.rename(from, to), ENOTEMPTY, EEXIST);
        });
    }

    @Test
    default void doesNotMoveADirectoryIntoItself(Path here) throws Exception {
        Path directory = Files.createDirectory(here.resolve("directory"));
        Path child = Files.createDirectory(directory.resolve("child"));
        Expect.refused(() -> Posix.rename(directory, directory.resolve("inside")), EINVAL);
        Expect.refused(() -> Posix.rename(directory, child.resolve("deeper")), EINVAL);
        Expect.refused(() -> Posix.rename(child, directory), ENOTEMPTY, EEXIST);
        Expect.exists(directory, child);
    }

    @Test
    default void keepsFilesAndDirectoriesApart(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path directory = Files.createDirectory(here.resolve("directory"));
        Expect.refused(() -> Posix.rename(file, directory), EISDIR);
        Expect.refused(() -> Posix.rename(directory, file), ENOTDIR);
        Expect.refused(() -> Posix.rename(here.resolve("missing"), file), ENOENT);
        Expect.refused(() -> Posix.rename(file, here.resolve("missing/file")), ENOENT);
        Expect.refused(() -> Posix.rename(file, file.resolve("below")), ENOTDIR);
        Expect.content(file, "content");
        Expect.exists(directory);
    }

    @Test
    default void doesNotMoveTheRoot(Path here) throws Exception {
        Expect.refused(() -> Posix.rename(ground().root(), here.resolve("root")), EBUSY, EINVAL, EXDEV);
    }

    @Test
    default void movesASymlinkAndNotItsTarget(Path here) throws Exception {
        Bytes.file(here.resolve("target"), "content");
        Posix.symlink("target", here.resolve("link"));
        Posix.rename(here.resolve("link"), here.resolve("moved"));
        assertThat(Posix.lstat(here.resolve("moved")).isSymlink()).isTrue();
        Expect.content(here.resolve("moved"), "content");
        Expect.gone(here.resolve("link"));
        Expect.exists(here.resolve("target"));
    }

    @Test
    default void noReplaceRefusesWhatExists(Path here) throws Exception {
        Path from = Bytes.file(here.resolve("from"), "new");
        Path to = Bytes.file(here.resolve("to"), "old");
        Expect.refused(() -> Posix.renameat2(from, to, Posix.RENAME_NOREPLACE), EEXIST, EINVAL, ENOSYS);
        Expect.content(from, "new");
        Expect.content(to, "old");
    }

    @Test
    default void exchangeSwapsOrIsRefused(Path here) throws Exception {
        Path one = Bytes.file(here.resolve("one"), "1");
        Path two = Bytes.file(here.resolve("two"), "2");
        if (ground().lacks(Capability.RENAME_EXCHANGE).isPresent()) {
            Expect.refused(() -> Posix.renameat2(one, two, Posix.RENAME_EXCHANGE), EINVAL, EOPNOTSUPP, ENOSYS);
            Expect.content(one, "1");
            return;
        }
        Posix.renameat2(one, two, Posix.RENAME_EXCHANGE);
        Expect.content(one, "2");
        Expect.content(two, "1");
    }

    @Test
    default void anOpenFileIsWrittenOnUnderItsNewName(Path here) throws Exception {
        Path from = here.resolve("from");
        Path to = here.resolve("to");
        byte[] content = Bytes.random(1, 150_000);
        try (Fd fd = Fd.open(from, O_RDWR | O_CREAT)) {
            fd.pwrite(Arrays.copyOf(content, 100_000), 0);
            Posix.rename(from, to);
            fd.pwrite(Arrays.copyOfRange(content, 100_000, 150_000), 100_000);
            assertThat(fd.stat().sizeBytes()).isEqualTo(150_000);
            Expect.same("by the handle", Bytes.readFully(fd, 0, 200_000), content);
            fd.fsync();
        }
        Expect.gone(from);
        Expect.content(to, content);
        afterRemount(here, () -> {
            Expect.gone(from);
            Expect.content(to, content);
        });
    }

    @Test
    default void aFileOpenBelowAMovedDirectoryIsWrittenOn(Path here) throws Exception {
        Path from = Files.createDirectory(here.resolve("from"));
        Bytes.file(from.resolve("old"), "old");
        try (Fd fresh = Fd.open(from.resolve("fresh"), O_WRONLY | O_CREAT);
                Fd old = Fd.open(from.resolve("old"), O_WRONLY | O_APPEND)) {
            fresh.write("fresh ".getBytes(US_ASCII));
            Posix.rename(from, here.resolve("to"));
            fresh.write("and more".getBytes(US_ASCII));
            old.write(" and more".getBytes(US_ASCII));
        }
        Expect.gone(from);
        Expect.content(here.resolve("to/fresh"), "fresh and more");
        Expect.content(here.resolve("to/old"), "old and more");
        afterRemount(here, () -> {
            assertThat(Expect.names(here)).containsExactly("to");
            Expect.content(here.resolve("to/fresh"), "fresh and more");
            Expect.content(here.resolve("to/old"), "old and more");
        });
    }

    @Test
    default void aReplacedFileStaysReadableWhereItIsOpen(Path here) throws Exception {
        byte[] old = Bytes.random(1, 9_000_000);
        Path to = Bytes.file(here.resolve("to"), old);
        Path from = Bytes.file(here.resolve("from"), "new");
        ground().remount();
        try (Fd reader = Fd.open(to, O_RDONLY)) {
            Expect.same("before", Bytes.readFully(reader, 0, 100), Arrays.copyOf(old, 100));
            Posix.rename(from, to);
            Expect.content(to, "new");
            Expect.same("after", Bytes.readFully(reader, 0, old.length), old);
        }
    }

    @Test
    default void aReplacedOpenWriterDoesNotBringTheOldFileBack(Path here) throws Exception {
        Path to = here.resolve("to");
        Path from = Bytes.file(here.resolve("from"), "new");
        try (Fd writer = Fd.open(to, O_RDWR | O_CREAT)) {
            writer.write("old".getBytes(US_ASCII));
            Posix.rename(from, to);
            writer.write(" and more".getBytes(US_ASCII));
        }
        Expect.content(to, "new");
        afterRemount(here, () -> {
            Expect.content(to, "new");
        });
    }

    @Test
    default void writeThenRenamePublishesTheWholeFile(Path here) throws Exception {
        Path published = here.resolve("checkpoint");
        for (int round = 0; round < 5; round++) {
            byte[] content = Bytes.random(round, 200_000 + round);
            Path temporary = here.resolve("checkpoint.tmp");
            try (Fd fd = Fd.open(temporary, O_WRONLY | O_CREAT)) {
                fd.write(content);
                fd.fsync();
            }
            Posix.rename(temporary, published);
            Expect.content(published, content);
        }
        assertThat(Expect.names(here)).containsExactly("checkpoint");
    }

    @Test
    default void aNameCanBeUsedAgainAtOnce(Path here) throws Exception {
        Path one = here.resolve("one");
        Path two = here.resolve("two");
        for (int round = 0; round < 5; round++) {
            Bytes.file(one, "round " + round);
            Posix.rename(one, two);
            Expect.content(two, "round " + round);
        }
        Path directory = Files.createDirectory(here.resolve("directory"));
        Bytes.file(directory.resolve("old"), "old");
        Posix.rename(directory, here.resolve("away"));
        Files.createDirectory(directory);
        assertThat(Expect.names(directory)).isEmpty();
        Expect.content(here.resolve("away/old"), "old");
    }
}
