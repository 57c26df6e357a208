package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EEXIST;
import static io.forebay.nativetests.posix.Errno.ENOENT;
import static io.forebay.nativetests.posix.Errno.ENOTDIR;
import static io.forebay.nativetests.posix.Errno.ENOTEMPTY;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Directories list exactly what is in them. */
interface DirectoryTests extends OnGround {
    int MANY = 2_000;

    @Test
    default void anEmptyDirectoryIsKept(Path here) throws Exception {
        Path directory = here.resolve("directory");
        Posix.mkdir(directory, 0755);
        assertThat(Posix.stat(directory).isDirectory()).isTrue();
        assertThat(Expect.names(directory)).isEmpty();
        afterRemount(here, () -> {
            assertThat(Posix.stat(directory).isDirectory()).isTrue();
            assertThat(Expect.names(here)).containsExactly("directory");
        });
    }

    @Test
    default void mkdirRefusesWhatExists(Path here) throws Exception {
        Files.createDirectory(here.resolve("directory"));
        Bytes.file(here.resolve("file"), "content");
        Posix.symlink("nowhere", here.resolve("dangling"));
        for (String name : Set.of("directory", "file", "dangling")) {
            Expect.refused(() -> Posix.mkdir(here.resolve(name), 0755), EEXIST);
        }
        Expect.refused(() -> Posix.mkdir(ground().root(), 0755), EEXIST);
        Expect.refused(() -> Posix.mkdir(here.resolve("missing/directory"), 0755), ENOENT);
        Expect.refused(() -> Posix.mkdir(here.resolve("file/directory"), 0755), ENOTDIR);
    }

    @Test
    default void rmdirRemovesOnlyWhatIsEmpty(Path here) throws Exception {
        Path directory = Files.createDirectory(here.resolve("directory"));
        Path file = Bytes.file(directory.resolve("file"), "content");
        Expect.refused(() -> Posix.rmdir(directory), ENOTEMPTY);
        ground().remount();
        Expect.refused(() -> Posix.rmdir(directory), ENOTEMPTY);
        Files.delete(file);
        Posix.mkdir(directory.resolve("child"), 0755);
        Expect.refused(() -> Posix.rmdir(directory), ENOTEMPTY);
        Posix.rmdir(directory.resolve("child"));
        Posix.rmdir(directory);
        Expect.gone(directory);
        Expect.refused(() -> Posix.rmdir(directory), ENOENT);
    }

    @Test
    default void aDirectoryOutlivesItsLastFile(Path here) throws Exception {
        Path directory = Files.createDirectory(here.resolve("directory"));
        Files.delete(Bytes.file(directory.resolve("file"), "content"));
        assertThat(Posix.stat(directory).isDirectory()).isTrue();
        afterRemount(here, () -> {
            assertThat(Posix.stat(directory).isDirectory()).isTrue();
            assertThat(Expect.names(directory)).isEmpty();
        });
    }

    @Test
    default void listsDotAndDotDot(Path here) throws Exception {
        Bytes.file(here.resolve("file"), "content");
        assertThat(Command.of("ls", "-a", here.toString()).succeed().lines()).containsExactly(".", "..", "file");
        assertThat(Posix.stat(here.resolve(".")).inode())
                .isEqualTo(Posix.stat(here).inode());
        assertThat(Posix.stat(here.resolve("..")).inode())
                .isEqualTo(Posix.stat(ground().root()).inode());
    }

    @Test
    default void listsTwoThousandEntriesOnceEach(Path here) throws Exception {
        Set<String> expected = fill(here);
        assertThat(Command.of("ls", "-U", here.toString()).succeed().lines().toList())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(expected);
        afterRemount(here, () -> {
            assertThat(Command.of("ls", "-U", here.toString()).succeed().lines().toList())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(expected);
        });
    }

    /** POSIX leaves open whether a removed entry is still listed, but not whether one that stays is. */
    @Test
    default void listsWhatStaysWhileOthersAreRemoved(Path here) throws Exception {
        Set<String> expected = fill(here);
        Set<String> staying =
                expected.stream().filter(name -> !name.endsWith("7")).collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(here)) {
            boolean removed = false;
            for (Path entry : entries) {
                assertThat(listed.add(entry.getFileName().toString()))
                        .as("%s listed once", entry)
                        .isTrue();
                if (!removed) {
                    for (String name : expected) {
                        if (!staying.contains(name)) {
                            Posix.unlink(here.resolve(name));
                        }
                    }
                    removed = true;
                }
            }
        }
        assertThat(listed).containsAll(staying);
        assertThat(expected).containsAll(listed);
        assertThat(Expect.names(here)).isEqualTo(staying);
    }

    @Test
    default void canBeEmptiedWhileListed(Path here) throws Exception {
        fill(here);
        // 2,000 requests, one after the other: Azurite takes 2 ms for one, and 11 on a machine that is busy otherwise.
        Command.of("find", here.toString(), "-mindepth", "1", "-delete")
                .within(Duration.ofSeconds(100))
                .succeed();
        assertThat(Expect.names(here)).isEmpty();
    }

    private static Set<String> fill(Path directory) throws Exception {
        Set<String> names =
                IntStream.range(0, MANY).mapToObj(i -> "entry-" + i).collect(Collectors.toCollection(TreeSet::new));
        for (String name : names) {
            Files.createFile(directory.resolve(name));
        }
        return names;
    }

    @Test
    default void showsTypesInTheListing(Path here) throws Exception {
        Bytes.file(here.resolve("file"), "content");
        Files.createDirectory(here.resolve("directory"));
        Posix.symlink("file", here.resolve("link"));
        assertThat(Command.of("find", here.toString(), "-mindepth", "1", "-printf", "%y %f\\n")
                        .succeed()
                        .lines())
                .containsExactlyInAnyOrder("f file", "d directory", "l link");
    }

    @Test
    default void goesFiftyLevelsDeep(Path here) throws Exception {
        Path deep = here;
        for (int level = 0; level < 50; level++) {
            deep = deep.resolve("level" + level);
            Posix.mkdir(deep, 0755);
        }
        Path file = Bytes.file(deep.resolve("file"), "at the bottom");
        afterRemount(here, () -> {
            Expect.content(file, "at the bottom");
            assertThat(Command.of("find", here.toString(), "-type", "d")
                            .succeed()
                            .lines())
                    .hasSize(51);
        });
    }

    @Test
    default void entriesComeAndGoInTheListing(Path here) throws Exception {
        for (int round = 0; round < 20; round++) {
            Path file = Bytes.file(here.resolve("file" + round), "content");
            assertThat(Expect.names(here)).containsExactly("file" + round);
            Files.delete(file);
            assertThat(Expect.names(here)).isEmpty();
        }
    }
}
