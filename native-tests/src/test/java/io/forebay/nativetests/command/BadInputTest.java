package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.ground.Users;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong, the user reads one sentence that says so, and nothing is left mounted or running. */
class BadInputTest {
    private static final String A_KEY = "bm90IHRoZSBrZXkgb2YgYW55IGFjY291bnQ=";
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Start-up and the last try on top of the deadline, on a busy machine. */
    private static final Duration DEADLINE_LIMIT = DEADLINE.plusSeconds(8);

    @RegisterExtension
    final Machine machine = new Machine();

    @ParameterizedTest
    @EnumSource
    void anUnknownContainer(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(store.options());
        words.addAll(List.of("--container-name", "no-such-container"));
        machine.expectRefused(machine.userOf(store).command(words).run(), "no-such-container");
    }

    @Test
    void noContainer() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(store.options());
        machine.expectRefused(machine.userOf(store).command(words).run(), "--container-name");
    }

    @Test
    void anAccountThatIsNoFolder() throws Exception {
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(List.of("--store", "directory:" + machine.fresh("missing"), "--container-name", "any"));
        machine.expectRefused(machine.user(Map.of()).command(words).run(), "missing");
    }

    @Test
    void aRefusedPort() throws Exception {
        int port;
        try (ServerSocket closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedAgain.getLocalPort();
        }
        Finished refused = mountAzureAt(port);
        machine.expectRefused(refused, "127.0.0.1:" + port);
        assertThat(refused.took()).isLessThan(DEADLINE_LIMIT);
    }

    @Test
    void anEndpointThatSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Finished refused = mountAzureAt(silent.getLocalPort());
            machine.expectRefused(refused, "127.0.0.1:" + silent.getLocalPort());
            assertThat(refused.took()).isLessThan(DEADLINE_LIMIT);
        }
    }

    @Test
    void anEndpointThatCannotBeResolved() throws Exception {
        Finished refused = mountAzure("http://no-such-host.invalid/devstoreaccount1");
        machine.expectRefused(refused, "no-such-host.invalid");
        assertThat(refused.took()).isLessThan(DEADLINE_LIMIT);
    }

    private Finished mountAzureAt(int port) throws Exception {
        return mountAzure("http://127.0.0.1:" + port + "/devstoreaccount1");
    }

    private Finished mountAzure(String endpoint) throws Exception {
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(List.of("--account-name", "devstoreaccount1", "--endpoint", endpoint));
        words.addAll(List.of("--container-name", "any", "--deadline", DEADLINE.toSeconds() + "s"));
        return machine.user(Map.of("AZURE_STORAGE_ACCESS_KEY", A_KEY))
                .command(words)
                .run();
    }

    /** Against a service that checks signatures; the key itself is well formed. */
    @Test
    void aWrongKey() throws Exception {
        Finished refused = mountAzuriteWith(Map.of("AZURE_STORAGE_ACCESS_KEY", A_KEY));
        machine.expectRefused(refused, "account key");
        assertThat(refused.stderr()).doesNotContain(A_KEY);
    }

    @Test
    void aWrongSas() throws Exception {
        String signature = "bm90IGEgc2lnbmF0dXJl";
        Finished refused = mountAzuriteWith(Map.of(
                "AZURE_STORAGE_SAS_TOKEN",
                "sv=2021-10-04&ss=b&srt=sco&sp=rl&se=2099-01-01T00:00:00Z&sig=" + signature));
        machine.expectRefused(refused, "SAS");
        assertThat(refused.stderr()).doesNotContain(signature);
    }

    private Finished mountAzuriteWith(Map<String, String> credentials) throws Exception {
        Store store = machine.store(StoreKind.AZURITE);
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache")));
        return machine.user(credentials).command(words).run();
    }

    @Test
    void noCredentials() throws Exception {
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(List.of("--account-name", "devstoreaccount1", "--container-name", "any"));
        machine.expectRefused(
                machine.user(Map.of()).command(words).run(), "AZURE_STORAGE_ACCESS_KEY", "AZURE_STORAGE_SAS_TOKEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--account-key", "--sas"})
    void aSecretAsAFlag(String flag) throws Exception {
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(List.of("--account-name", "devstoreaccount1", "--container-name", "any", flag + "=" + A_KEY));
        Finished refused = machine.user(Map.of()).command(words).run();
        machine.expectRefused(refused, flag, "AZURE_STORAGE_");
        assertThat(refused.stderr()).doesNotContain(A_KEY);
    }

    @Test
    void aMissingMountPoint() throws Exception {
        machine.expectRefused(mountOn(machine.fresh("missing")), "missing", "does not exist", "mkdir");
    }

    @Test
    void aMountPointThatIsAFile() throws Exception {
        Path file = Files.createFile(machine.fresh("file"));
        machine.expectRefused(mountOn(file), file.toString(), "not a folder");
    }

    @Test
    void aMountPointWithSomethingInIt() throws Exception {
        Path mountPoint = machine.folder("mnt");
        Files.createFile(mountPoint.resolve("something"));
        machine.expectRefused(mountOn(mountPoint), mountPoint.toString(), "not empty");
    }

    @Test
    void alreadyMounted() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store)) {
            Finished second = mount.mountCommand().run();
            assertThat(second.exit()).isNotZero();
            assertThat(second.stderr()).contains("already mounted", mount.root().toString());
            assertThat(user.processes()).hasSize(1);
            assertThat(mount.root()).isEmptyDirectory();
        }
        machine.expectNothingLeft();
    }

    @Test
    void anUnreadableConfiguration() throws Exception {
        Path missing = machine.fresh("missing.yaml");
        machine.expectRefused(mountWith(missing), missing.toString(), "cannot be read");
    }

    @Test
    void aConfigurationThatIsNotYaml() throws Exception {
        Path file = configuration("container-name: any\nstore: [directory\n");
        Finished refused = mountWith(file);
        machine.expectRefused(refused, file + ":", "not YAML");
        assertThat(refused.stderr()).containsPattern(Pattern.quote(file.toString()) + ":[23]:");
    }

    @Test
    void anUnknownKey() throws Exception {
        Path file = configuration("container-name: any\nchache-path: /tmp\n");
        machine.expectRefused(mountWith(file), file + ":2", "chache-path", "cache-path");
    }

    @Test
    void aValueThatMakesNoSense() throws Exception {
        Path file = configuration("container-name: any\nstore: directory:/tmp\ndeadline: soon\n");
        machine.expectRefused(mountWith(file), file + ":3", "deadline", "soon");
    }

    private Path configuration(String text) throws IOException {
        return Files.writeString(machine.fresh("forebay.yaml"), text);
    }

    private Finished mountWith(Path configuration) throws Exception {
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(List.of("--config-file", configuration.toString()));
        return machine.user(Map.of()).command(words).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-such-flag", "--door=trap", "--deadline=soon", "--store=shelf", "--log-level=loud"})
    void aFlagThatIsWrong(String flag) throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache"), flag));
        Finished refused = machine.userOf(store).command(words).run();
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.stderr()).startsWith("forebay: ").contains(flag.replaceFirst("=.*", ""));
        machine.expectNothingLeft();
    }

    @Test
    void noFuseDevice() throws Exception {
        assumeTrue(Users.isRoot(), "only root may hide /dev/fuse");
        Path hidden = machine.folder("dev");
        Path mounts = machine.fresh("mounts");
        Store store = machine.store(StoreKind.DIRECTORY);
        Path mountPoint = machine.folder("mnt");
        List<String> words = mountWords(mountPoint);
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache")));
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-ec"));
        line.add("""
                dev=$1; mounts=$2; shift 2
                mount -t tmpfs none "$dev"
                for device in null zero full random urandom tty; do
                    touch "$dev/$device"
                    mount --bind "/dev/$device" "$dev/$device"
                done
                mount --move "$dev" /dev
                code=0
                "$@" || code=$?
                cat /proc/self/mountinfo >"$mounts"
                exit "$code"
                """);
        line.addAll(List.of(
                "sh", hidden.toString(), mounts.toString(), Forebay.launcher().toString()));
        line.addAll(words);
        Finished refused =
                machine.userOf(store).inMyEnvironment(Command.of(line)).run();
        machine.expectRefused(refused, "/dev/fuse");
        assertThat(Files.readString(mounts)).doesNotContain(mountPoint.toString());
    }

    @Test
    void aCachePathBelowAFile() throws Exception {
        Path file = Files.createFile(machine.fresh("file"));
        machine.expectRefused(
                mountWithCache(file.resolve("cache")), file.resolve("cache").toString(), "--cache-path");
    }

    @Test
    void aCachePathThatCannotBeWritten() throws Exception {
        assumeTrue(Users.isRoot(), "only root may mount a tmpfs");
        Path disk = machine.folder("disk");
        Command.of("mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", disk.toString())
                .succeed();
        Finished refused = mountWithCache(disk.resolve("cache"));
        Command.of("umount", disk.toString()).succeed();
        machine.expectRefused(refused, disk.toString(), "cannot be written", "--cache-path");
    }

    @Test
    void aCacheDiskThatIsFull() throws Exception {
        assumeTrue(Users.isRoot(), "only root may mount a tmpfs");
        Path disk = machine.folder("disk");
        Command.of("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk.toString())
                .succeed();
        Command.shell("dd if=/dev/zero of=\"$1\" bs=64k 2>/dev/null || true", disk.resolve("filler"))
                .succeed();
        Finished refused = mountWithCache(disk.resolve("cache"));
        Command.of("umount", disk.toString()).succeed();
        machine.expectRefused(refused, disk.toString(), "full");
    }

    @Test
    void unmountingWhatIsNotMounted() throws Exception {
        Path folder = machine.folder("mnt");
        machine.expectRefused(
                machine.user(Map.of()).command("unmount", folder.toString()).run(),
                "nothing is mounted",
                folder.toString());
    }

    private Finished mountOn(Path mountPoint) throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        List<String> words = mountWords(mountPoint);
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache")));
        return machine.userOf(store).command(words).run();
    }

    private Finished mountWithCache(Path cache) throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        List<String> words = mountWords(machine.folder("mnt"));
        words.addAll(ForebayMount.optionsFor(store, cache));
        return machine.userOf(store).command(words).run();
    }

    private List<String> mountWords(Path mountPoint) {
        return new ArrayList<>(List.of(
                "mount",
                mountPoint.toString(),
                "--log-file-path",
                machine.fresh("forebay.log").toString()));
    }
}
