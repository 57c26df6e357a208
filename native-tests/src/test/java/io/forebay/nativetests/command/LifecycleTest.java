package io.forebay.nativetests.command;

import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.MountTable;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.ErrnoException;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mount from its first answer to its last upload, and beyond: signals, kills, second mounts. */
class LifecycleTest {
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Machine machine = new Machine();

    @ParameterizedTest
    @EnumSource
    void mountReturnsWhenTheMountAnswers(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        Forebay user = machine.userOf(store);
        for (int round = 0; round < 3; round++) {
            try (ForebayMount mount = machine.mount(user, store)) {
                assertThat(MountTable.at(mount.root()))
                        .hasValueSatisfying(entry -> assertThat(entry.type()).startsWith("fuse"));
                Files.writeString(mount.root().resolve("round" + round), "at once");
            }
            assertThat(store.blobNames()).hasSize(round + 1);
        }
        machine.expectNothingLeft();
    }

    @ParameterizedTest
    @EnumSource
    void sigtermUploadsWhatIsOpenAndUnmounts(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        ForebayMount mount = machine.mount(machine.userOf(store), store);
        byte[] content = random(3_000_000);
        Fd open = Fd.open(mount.root().resolve("open"), O_WRONLY | O_CREAT);
        open.write(content);
        assertThat(mount.daemon().destroy()).isTrue();
        mount.awaitDaemonEnd();
        closeQuietly(open);
        Await.until(END_LIMIT, "unmounted", () -> !MountTable.isMounted(mount.root()));
        assertThat(store.blobBytes("open")).isEqualTo(content);
        machine.expectNothingLeft();
    }

    /** The mount is gone: that close fails is no news. */
    private static void closeQuietly(Fd open) {
        try {
            open.close();
        } catch (ErrnoException e) {
            assertThat(e.errno()).isIn(Errno.ENOTCONN, Errno.EIO);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unmountReturnsWhenEverythingIsUploaded(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        ForebayMount mount = machine.mount(machine.userOf(store), store);
        byte[] content = random(20_000_000);
        Files.write(mount.root().resolve("large"), content);
        mount.unmount();
        assertThat(store.blobBytes("large")).isEqualTo(content);
        machine.expectNothingLeft();
    }

    @Test
    void unmountOfABusyMountSaysWhoUsesIt() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store)) {
            try (Fd open = Fd.open(mount.root().resolve("open"), O_WRONLY | O_CREAT)) {
                Finished refused =
                        user.command("unmount", mount.root().toString()).run();
                assertThat(refused.exit()).isNotZero();
                assertThat(refused.stderr()).contains("busy", mount.root().toString());
                open.write("still there".getBytes(US_ASCII));
            }
            assertThat(mount.root().resolve("open")).hasContent("still there");
        }
        machine.expectNothingLeft();
    }

    @ParameterizedTest
    @EnumSource
    void aKilledDaemonLosesNothingThatWasClosedOrSynced(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        Forebay user = machine.userOf(store);
        List<String> options = ForebayMount.optionsFor(store, machine.fresh("cache"));
        Path mountPoint = machine.fresh("mnt");
        byte[] content = random(3_000_000);
        ForebayMount mount = ForebayMount.at(mountPoint, user, options);
        Files.write(mountPoint.resolve("closed"), content);
        Fd synced = Fd.open(mountPoint.resolve("synced"), O_WRONLY | O_CREAT);
        synced.write(content);
        synced.fsync();
        mount.killDaemon();

        assertThat(MountTable.isMounted(mountPoint)).isTrue();
        assertThat(errnoOf(() -> Posix.stat(mountPoint.resolve("closed")))).isEqualTo(Errno.ENOTCONN);
        Finished refused = mount.mountCommand().run();
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.stderr()).contains("unmount");
        mount.unmount();
        closeQuietly(synced);

        try (ForebayMount again = ForebayMount.at(mountPoint, user, options)) {
            assertThat(Files.readAllBytes(again.root().resolve("closed"))).isEqualTo(content);
            assertThat(Files.readAllBytes(again.root().resolve("synced"))).isEqualTo(content);
        }
        machine.expectNothingLeft();
    }

    private static Errno errnoOf(Call call) {
        try {
            call.run();
            throw new AssertionError("a dead mount answered");
        } catch (ErrnoException e) {
            return e.errno();
        }
    }

    /** A system call. */
    @FunctionalInterface
    private interface Call {
        void run() throws ErrnoException;
    }

    @ParameterizedTest
    @EnumSource
    void twoMountsOfOneContainerSeeEachOthersFiles(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        Forebay user = machine.userOf(store);
        try (ForebayMount one = machine.mount(user, store);
                ForebayMount two = machine.mount(user, store)) {
            Files.writeString(one.root().resolve("from-one"), "one");
            Files.writeString(two.root().resolve("from-two"), "two");
            // Either mount may trust for a while what it has listed; that while is bounded.
            Await.until(
                    END_LIMIT,
                    "the second sees the first's file",
                    () -> Files.exists(two.root().resolve("from-one")));
            Await.until(
                    END_LIMIT,
                    "the first sees the second's file",
                    () -> Files.exists(one.root().resolve("from-two")));
            assertThat(two.root().resolve("from-one")).hasContent("one");
            assertThat(one.root().resolve("from-two")).hasContent("two");

            Finished list = user.command("list").run().orFail();
            assertThat(list.stdout()).contains(one.root().toString(), two.root().toString());
            one.unmount();
            assertThat(two.root().resolve("from-one")).hasContent("one");
        }
        machine.expectNothingLeft();
    }

    @Test
    void listForgetsWhatIsUnmounted() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        ForebayMount mount = machine.mount(user, store);
        long pid = mount.daemon().pid();
        assertThat(user.command("list").succeed())
                .contains(mount.root().toString())
                .contains(Long.toString(pid));
        mount.unmount();
        assertThat(user.command("list").succeed()).doesNotContain(mount.root().toString());
    }

    /** Whoever captures the output of a mount command must not wait for the daemon. */
    @Test
    void theOutputOfMountEnds() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path mountPoint = machine.folder("mnt");
        List<String> words = new ArrayList<>(List.of("sh", "-ec", "\"$@\" 2>&1 | cat", "sh"));
        words.addAll(List.of(Forebay.launcher().toString(), "mount", mountPoint.toString()));
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache")));
        words.addAll(List.of("--log-file-path", user.home().resolve("piped.log").toString()));
        user.inMyEnvironment(Command.of(words).within(END_LIMIT)).succeed();
        assertThat(MountTable.isMounted(mountPoint)).isTrue();
        user.command("unmount", mountPoint.toString()).succeed();
        machine.expectNothingLeft();
    }

    @Test
    void theDaemonKeepsNothingOfItsCaller() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store)) {
            Path process = Path.of("/proc", Long.toString(mount.daemon().pid()));
            for (String number : List.of("0", "1", "2")) {
                assertThat(Files.readSymbolicLink(process.resolve("fd").resolve(number)))
                        .as("file descriptor %s", number)
                        .isEqualTo(Path.of("/dev/null"));
            }
            try (DirectoryStream<Path> fds = Files.newDirectoryStream(process.resolve("fd"))) {
                for (Path fd : fds) {
                    assertThat(Files.readSymbolicLink(fd).toString())
                            .as("file descriptor %s", fd)
                            .doesNotStartWith("/dev/pts")
                            .doesNotContain(".stdout", ".stderr");
                }
            }
            assertThat(Files.readSymbolicLink(process.resolve("cwd"))).isEqualTo(Path.of("/"));
        }
    }

    @Test
    void secretsAreNowhereToBeSeen() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        String secret = "c2VjcmV0IHRoYXQgbm9ib2R5IG1heSBzZWU=";
        TreeMap<String, String> environment = new TreeMap<>(store.environment());
        environment.putIfAbsent("AZURE_STORAGE_ACCESS_KEY", secret);
        Forebay user = machine.user(environment);
        try (ForebayMount mount = machine.mount(user, store, "--log-level=trace")) {
            Files.writeString(mount.root().resolve("file"), "content");
            assertThat(Forebay.commandLineOf(mount.daemon()))
                    .doesNotContain(environment.get("AZURE_STORAGE_ACCESS_KEY"));
        }
        assertThat(user.logs()).isNotEmpty();
        for (Path log : user.logs()) {
            assertThat(Files.readString(log, UTF_8)).doesNotContain(environment.get("AZURE_STORAGE_ACCESS_KEY"));
        }
    }

    @Test
    void foregroundStaysUntilItIsUnmounted() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path mountPoint = machine.folder("mnt");
        List<String> words = new ArrayList<>(List.of("sh", "-ec"));
        words.add("""
                mount=$1; shift
                "$@" &
                until mountpoint -q "$mount"; do kill -0 $! || exit 9; sleep 0.05; done
                echo content >"$mount/file"
                umount "$mount"
                wait $!
                """);
        words.addAll(List.of("sh", mountPoint.toString(), Forebay.launcher().toString(), "mount"));
        words.addAll(List.of(mountPoint.toString(), "--foreground"));
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache")));
        user.inMyEnvironment(Command.of(words).within(END_LIMIT)).succeed();
        assertThat(store.blobBytes("file")).isEqualTo("content\n".getBytes(US_ASCII));
        machine.expectNothingLeft();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
