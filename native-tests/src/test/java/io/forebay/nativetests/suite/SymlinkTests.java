package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EEXIST;
import static io.forebay.nativetests.posix.Errno.EINVAL;
import static io.forebay.nativetests.posix.Errno.ELOOP;
import static io.forebay.nativetests.posix.Errno.ENOENT;
import static io.forebay.nativetests.posix.Errno.ENOTDIR;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Symlinks keep their target to the letter and lead there. */
interface SymlinkTests extends OnGround {
    /** What the kernel takes as a target: PATH_MAX less the closing zero. */
    int LONGEST_TARGET = 4_095;

    @Test
    default void leadsToAFileBesideIt(Path here) throws Exception {
        Bytes.file(here.resolve("target"), "content");
        Path link = here.resolve("link");
        Posix.symlink("target", link);
        Expect.content(link, "content");
        assertThat(Posix.lstat(link).isSymlink()).isTrue();
        assertThat(Posix.lstat(link).sizeBytes()).isEqualTo("target".length());
        assertThat(Posix.stat(link).inode())
                .isEqualTo(Posix.stat(here.resolve("target")).inode());
        afterRemount(here, () -> {
            Expect.content(link, "content");
            assertThat(Posix.lstat(link).isSymlink()).isTrue();
            assertThat(Posix.lstat(link).sizeBytes()).isEqualTo("target".length());
        });
    }

    @Test
    default void keepsEveryKindOfTarget(Path here) throws Exception {
        String absolute = here.resolve("target").toString();
        String[] targets = {
            absolute,
            "../" + here.getFileName(),
            "nowhere",
            "a b\tc",
            "grüße/日本",
            "x".repeat(255),
            "./a//b/../c/",
            "%41?#+"
        };
        for (int i = 0; i < targets.length; i++) {
            Posix.symlink(targets[i], here.resolve("link" + i));
        }
        nowAndAfterRemount(here, () -> {
            for (int i = 0; i < targets.length; i++) {
                assertThat(Posix.readlink(here.resolve("link" + i))).isEqualTo(targets[i]);
            }
        });
    }

    @Test
    default void keepsALongTarget(Path here) throws Exception {
        String target = "long/".repeat(LONGEST_TARGET / 5);
        assertThat(target).hasSize(LONGEST_TARGET);
        Posix.symlink(target, here.resolve("link"));
        assertThat(Posix.lstat(here.resolve("link")).sizeBytes()).isEqualTo(LONGEST_TARGET);
        assertThat(Posix.readlink(here.resolve("link"))).isEqualTo(target);
        afterRemount(here, () -> {
            assertThat(Posix.readlink(here.resolve("link"))).isEqualTo(target);
        });
    }

    @Test
    default void leadsToADirectory(Path here) throws Exception {
        Path directory = Files.createDirectory(here.resolve("directory"));
        Bytes.file(directory.resolve("file"), "content");
        Path link = here.resolve("link");
        Posix.symlink("directory", link);
        Expect.content(link.resolve("file"), "content");
        Bytes.file(link.resolve("new"), "through the link");
        Expect.content(directory.resolve("new"), "through the link");
        assertThat(Expect.names(link)).containsExactlyInAnyOrder("file", "new");
        Expect.refused(() -> Posix.rmdir(link), ENOTDIR);
        Posix.unlink(link);
        Expect.exists(directory.resolve("file"));
    }

    @Test
    default void mayLeadNowhere(Path here) throws Exception {
        Path link = here.resolve("link");
        Posix.symlink("nowhere", link);
        Expect.refused(() -> Posix.stat(link), ENOENT);
        Expect.refused(() -> Fd.open(link, O_RDONLY).close(), ENOENT);
        assertThat(Posix.lstat(link).isSymlink()).isTrue();
        assertThat(Expect.names(here)).containsExactly("link");
        Bytes.file(here.resolve("nowhere"), "now here");
        Expect.content(link, "now here");
    }

    @Test
    default void writingThroughCreatesTheTarget(Path here) throws Exception {
        Posix.symlink("target", here.resolve("link"));
        Bytes.file(here.resolve("link"), "through");
        Expect.content(here.resolve("target"), "through");
        assertThat(Posix.lstat(here.resolve("link")).isSymlink()).isTrue();
    }

    @Test
    default void loopsAreRefused(Path here) throws Exception {
        Posix.symlink("two", here.resolve("one"));
        Posix.symlink("one", here.resolve("two"));
        Expect.refused(() -> Posix.stat(here.resolve("one")), ELOOP);
    }

    @Test
    default void refusesWhatCannotBe(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Expect.refused(() -> Posix.symlink("target", file), EEXIST);
        Expect.refused(() -> Posix.symlink("target", here.resolve("missing/link")), ENOENT);
        Expect.refused(() -> Posix.symlink("", here.resolve("empty")), ENOENT, EINVAL);
        Expect.refused(() -> Posix.readlink(file), EINVAL);
    }
}
