package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EROFS;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.O_TRUNC;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.ground.Ground.ReadOnlyView;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A read-only mount shows everything and changes nothing. */
interface ReadOnlyTests extends OnGround {
    @Test
    default void aReadOnlyMountRefusesEveryChange(Path here) throws Exception {
        Optional<String> reason = ground().lacks(Capability.READ_ONLY_VIEW);
        assumeTrue(reason.isEmpty(), () -> "no read-only view: " + reason.orElse(""));
        Bytes.file(here.resolve("file"), "content");
        Files.createDirectory(here.resolve("directory"));
        Posix.symlink("file", here.resolve("link"));
        try (ReadOnlyView view = ground().readOnlyView()) {
            Path there = view.root().resolve(here.getFileName());
            expectReadable(there);
            expectEveryChangeRefused(there);
            expectReadable(there);
        }
        Expect.content(here.resolve("file"), "content");
        assertThat(Expect.names(here)).containsExactlyInAnyOrder("file", "directory", "link");
    }

    private static void expectReadable(Path there) throws Exception {
        assertThat(Expect.names(there)).containsExactlyInAnyOrder("file", "directory", "link");
        Expect.content(there.resolve("file"), "content");
        Expect.content(there.resolve("link"), "content");
        Fd.open(there.resolve("file"), O_RDONLY).close();
    }

    private static void expectEveryChangeRefused(Path there) throws Exception {
        Path file = there.resolve("file");
        Path added = there.resolve("new");
        Expect.refused(() -> Fd.open(file, O_WRONLY).close(), EROFS);
        Expect.refused(() -> Fd.open(file, O_RDWR).close(), EROFS);
        Expect.refused(() -> Fd.open(file, O_WRONLY | O_TRUNC).close(), EROFS);
        Expect.refused(() -> Fd.open(added, O_WRONLY | O_CREAT).close(), EROFS);
        Expect.refused(() -> Posix.truncate(file, 1), EROFS);
        Expect.refused(() -> Posix.mkdir(added, 0755), EROFS);
        Expect.refused(() -> Posix.rmdir(there.resolve("directory")), EROFS);
        Expect.refused(() -> Posix.unlink(file), EROFS);
        Expect.refused(() -> Posix.rename(file, added), EROFS);
        Expect.refused(() -> Posix.symlink("file", added), EROFS);
        Expect.refused(() -> Posix.chmod(file, 0600), EROFS);
        Expect.refused(() -> Posix.chown(file, 1, 1), EROFS);
        Expect.refused(() -> Posix.utimens(file, 0, 0), EROFS);
    }
}
