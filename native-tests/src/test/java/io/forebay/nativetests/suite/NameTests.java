package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EINVAL;
import static io.forebay.nativetests.posix.Errno.ENAMETOOLONG;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every name that POSIX allows is kept to the byte, or refused. */
interface NameTests extends OnGround {
    int LONGEST_NAME = 255;
    int LONGEST_BLOB_NAME = 1_024;

    List<String> NAMES = List.of(
            "with space",
            " leading space",
            "trailing space ",
            "...",
            "..two",
            ".hidden",
            "trailing.",
            "percent%20%2F%zz%",
            "hash#tag",
            "question?mark=1&x=y",
            "plus+plus",
            "back\\slash",
            "new\nline",
            "tab\tstop",
            "bell\u0007",
            "quote\"'`$",
            "<angle>&amp;",
            "colon:semi;comma,",
            "*[glob]{a,b}~",
            "-rf",
            "ümläut",
            "日本語",
            "😀 outside the BMP",
            "e\u0301 is not \u00e9",
            "ｆｕｌｌ",
            "CON",
            "a".repeat(LONGEST_NAME),
            "é".repeat(LONGEST_NAME / 2));

    @ParameterizedTest
    @FieldSource("NAMES")
    default void keepsFilesNamed(String name, Path here) throws Exception {
        Path file = here.resolve(name);
        if (refusal(name).isPresent()) {
            Expect.refused(() -> Fd.open(file, O_WRONLY | O_CREAT).close(), EINVAL, Errno.EILSEQ, Errno.EPERM);
            assertThat(Expect.names(here)).isEmpty();
            return;
        }
        Bytes.file(file, "gone");
        Posix.unlink(file);
        Expect.gone(file);
        Bytes.file(file, "content of " + name);
        Posix.rename(file, here.resolve("moved"));
        Posix.rename(here.resolve("moved"), file);
        nowAndAfterRemount(here, () -> {
            assertThat(Expect.names(here)).containsExactly(name);
            Expect.content(file, "content of " + name);
        });
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    default void keepsDirectoriesNamed(String name, Path here) throws Exception {
        Path directory = here.resolve(name);
        if (refusal(name).isPresent()) {
            Expect.refused(() -> Posix.mkdir(directory, 0755), EINVAL, Errno.EILSEQ, Errno.EPERM);
            assertThat(Expect.names(here)).isEmpty();
            return;
        }
        Files.createDirectory(directory);
        Bytes.file(directory.resolve("file"), "content");
        nowAndAfterRemount(here, () -> {
            assertThat(Expect.names(here)).containsExactly(name);
            assertThat(Expect.names(directory)).containsExactly("file");
            Expect.content(directory.resolve("file"), "content");
        });
    }

    /** Why this ground must refuse {@code name}; empty if it must keep it. */
    private Optional<String> refusal(String name) {
        return Stream.of(
                        name.contains("\\") ? ground().lacks(Capability.BACKSLASH_IN_NAMES) : Optional.<String>empty(),
                        name.endsWith(".")
                                ? ground().lacks(Capability.NAMES_ENDING_IN_A_DOT)
                                : Optional.<String>empty(),
                        name.chars().anyMatch(Character::isISOControl)
                                ? ground().lacks(Capability.CONTROL_CHARACTERS_IN_NAMES)
                                : Optional.<String>empty())
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Test
    default void namesThatLookAlikeAreDifferent(Path here) throws Exception {
        List<String> names = List.of("Name", "name", "NAME", "e\u0301", "\u00e9", "a b", "a%20b", "a+b", "name ");
        for (String name : names) {
            Bytes.file(here.resolve(name), name);
        }
        nowAndAfterRemount(here, () -> {
            assertThat(Expect.names(here)).containsExactlyInAnyOrderElementsOf(names);
            for (String name : names) {
                Expect.content(here.resolve(name), name);
            }
        });
    }

    @Test
    default void aPrefixOfANameIsNotTheName(Path here) throws Exception {
        Bytes.file(here.resolve("prefix-and-more"), "more");
        Files.createDirectories(here.resolve("directory-and-more/x"));
        Expect.gone(here.resolve("prefix"));
        Expect.gone(here.resolve("prefix-"));
        Expect.gone(here.resolve("directory"));
        Files.createDirectory(here.resolve("directory"));
        assertThat(Expect.names(here.resolve("directory"))).isEmpty();
        Posix.rename(here.resolve("directory"), here.resolve("renamed"));
        Expect.exists(here.resolve("directory-and-more/x"));
        Posix.rmdir(here.resolve("renamed"));
        Expect.content(here.resolve("prefix-and-more"), "more");
    }

    @Test
    default void refusesNamesThatAreTooLong(Path here) throws Exception {
        Path path = here.resolve("a".repeat(LONGEST_NAME + 1));
        Path file = Bytes.file(here.resolve("file"), "content");
        Expect.refused(() -> Fd.open(path, O_WRONLY | O_CREAT).close(), ENAMETOOLONG);
        Expect.refused(() -> Posix.mkdir(path, 0755), ENAMETOOLONG);
        Expect.refused(() -> Posix.stat(path), ENAMETOOLONG);
        Expect.refused(() -> Posix.symlink("target", path), ENAMETOOLONG);
        Expect.refused(() -> Posix.rename(file, path), ENAMETOOLONG);
        Expect.content(file, "content");
    }

    /** The kernel allows paths of 4,095 bytes, a blob's name ends at 1,024 characters: then the refusal must be clean. */
    @Test
    default void goesAsDeepAsPathsMayBeOrRefuses(Path here) throws Exception {
        Path deep = here;
        boolean refused = false;
        while (!refused && deep.toString().length() + 101 < 4_000) {
            Path next = deep.resolve("d".repeat(100));
            if (ground().lacks(Capability.DEEP_PATHS).isPresent()
                    && next.toString().length() > 1_024) {
                Expect.refused(() -> Posix.mkdir(next, 0755), ENAMETOOLONG);
                refused = true;
            } else {
                Posix.mkdir(next, 0755);
                deep = next;
            }
        }
        Path file = Bytes.file(deep.resolve("file"), "deep");
        afterRemount(here, () -> {
            Expect.content(file, "deep");
        });
    }
}
