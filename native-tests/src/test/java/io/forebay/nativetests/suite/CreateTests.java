package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EEXIST;
import static io.forebay.nativetests.posix.Errno.EISDIR;
import static io.forebay.nativetests.posix.Errno.ENOENT;
import static io.forebay.nativetests.posix.Errno.ENOTDIR;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_EXCL;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Users;
import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.ErrnoException;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files come into being once, are found at once, and many of them can be open. */
interface CreateTests extends OnGround {
    @Test
    default void aNewFileIsEmptyAndFoundAtOnce(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT | O_EXCL)) {
            assertThat(fd.stat().sizeBytes()).isZero();
            assertThat(Posix.stat(file).isFile()).isTrue();
            assertThat(Posix.stat(file).inode()).isEqualTo(fd.stat().inode());
            assertThat(Expect.names(here)).containsExactly("file");
        }
        Expect.content(file, "");
        afterRemount(here, () -> {
            Expect.content(file, "");
        });
    }

    @Test
    default void exclusiveCreateRefusesWhatExists(Path here) throws Exception {
        Bytes.file(here.resolve("file"), "kept");
        Files.createDirectory(here.resolve("directory"));
        Posix.symlink("nowhere", here.resolve("dangling"));
        for (String name : List.of("file", "directory", "dangling")) {
            Expect.refused(
                    () -> Fd.open(here.resolve(name), O_WRONLY | O_CREAT | O_EXCL)
                            .close(),
                    EEXIST);
        }
        Expect.content(here.resolve("file"), "kept");
        afterRemount(here, () -> {
            Expect.refused(
                    () -> Fd.open(here.resolve("file"), O_WRONLY | O_CREAT | O_EXCL)
                            .close(),
                    EEXIST);
        });
    }

    @Test
    default void createOpensWhatExists(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "kept");
        Fd.open(file, O_WRONLY | O_CREAT).close();
        Expect.content(file, "kept");
    }

    @Test
    default void ofEightExclusiveCreatorsOneWins(Path here) throws Exception {
        for (int round = 0; round < 10; round++) {
            Path file = here.resolve("file" + round);
            List<Boolean> won = Threads.together(8, _ -> createdExclusively(file));
            assertThat(won).containsOnlyOnce(true);
        }
    }

    private static boolean createdExclusively(Path file) throws ErrnoException {
        try {
            Fd.open(file, O_WRONLY | O_CREAT | O_EXCL).close();
            return true;
        } catch (ErrnoException e) {
            assertThat(e.errno()).isEqualTo(EEXIST);
            return false;
        }
    }

    @Test
    default void refusesPathsThatCannotBe(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Expect.refused(() -> Fd.open(here.resolve("missing"), O_RDONLY).close(), ENOENT);
        Expect.refused(
                () -> Fd.open(here.resolve("missing/file"), O_WRONLY | O_CREAT).close(), ENOENT);
        Expect.refused(() -> Fd.open(file.resolve("below"), O_RDONLY).close(), ENOTDIR);
        Expect.refused(() -> Fd.open(file.resolve("below"), O_WRONLY | O_CREAT).close(), ENOTDIR);
        Expect.refused(() -> Fd.open(here, O_WRONLY | O_CREAT).close(), EISDIR);
        Expect.refused(() -> Posix.stat(here.resolve("missing")), ENOENT);
        Expect.refused(() -> Posix.stat(file.resolve("below")), ENOTDIR);
        Expect.refused(() -> Posix.unlink(here.resolve("missing")), ENOENT);
    }

    @Test
    default void aMissingNameIsFoundOnceItIsThere(Path here) throws Exception {
        Path file = here.resolve("later");
        for (int round = 0; round < 3; round++) {
            Expect.gone(file);
            Bytes.file(file, "now");
            Expect.content(file, "now");
            Files.delete(file);
        }
        Expect.gone(file);
    }

    @Test
    default void fiveHundredHandlesStayOpen(Path here) throws Exception {
        int count = 500;
        List<Fd> open = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                open.add(Fd.open(here.resolve("file" + i), O_RDWR | O_CREAT));
            }
            for (int i = 0; i < count; i++) {
                open.get(i).write(Bytes.random(i, 1_000));
            }
            for (int i = 0; i < count; i++) {
                Expect.same("file" + i, Bytes.readFully(open.get(i), 0, 2_000), Bytes.random(i, 1_000));
            }
        } finally {
            for (Fd fd : open) {
                fd.close();
            }
        }
        assertThat(Expect.names(here)).hasSize(count);
        Expect.content(here.resolve("file499"), Bytes.random(499, 1_000));
    }

    @Test
    default void hardLinksWorkOrAreRefused(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path link = here.resolve("link");
        if (ground().lacks(Capability.HARD_LINKS).isPresent()) {
            Expect.refused(() -> Posix.link(file, link), Errno.EPERM, Errno.EOPNOTSUPP, Errno.ENOSYS);
            Expect.gone(link);
            assertThat(Posix.stat(file).links()).isEqualTo(1);
            return;
        }
        Posix.link(file, link);
        assertThat(Posix.stat(file).links()).isEqualTo(2);
        assertThat(Posix.stat(link).inode()).isEqualTo(Posix.stat(file).inode());
    }

    @Test
    default void aPipeJoinsTwoProcesses(Path here) throws Exception {
        Path pipe = here.resolve("pipe");
        Posix.mkfifo(pipe, 0600);
        assertThat(Posix.stat(pipe).mode()).isEqualTo(0010600);

        Command.shell("echo hello > \"$1\" & test \"$(cat \"$1\")\" = hello; wait", pipe)
                .succeed();
        afterRemount(here, () -> {
            assertThat(Posix.stat(pipe).mode()).isEqualTo(0010600);
            Posix.unlink(pipe);
            Expect.gone(pipe);
        });
    }

    @Test
    default void aSocketIsConnectedTo(Path here) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(here.resolve("s"));
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            assertThat(Posix.stat(here.resolve("s")).mode() & 0170000).isEqualTo(0140000);
            try (SocketChannel client = SocketChannel.open(address);
                    SocketChannel served = server.accept()) {
                assertThat(client.isConnected()).isTrue();
                assertThat(served.isConnected()).isTrue();
            }
        }
    }

    @Test
    default void devicesAreMadeOrRefused(Path here) throws Exception {
        Path device = here.resolve("null");
        if (ground().lacks(Capability.DEVICES).isPresent() || !Users.isRoot()) {
            Expect.refused(() -> Posix.mknod(device, 0020600, 0x103), Errno.EPERM);
            Expect.gone(device);
            return;
        }
        Posix.mknod(device, 0020600, 0x103);
        assertThat(Posix.stat(device).mode()).isEqualTo(0020600);
    }
}
