package io.forebay.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cache.CacheSettings;
import io.forebay.fs.Durability;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MountSettingsTest {
    private static final Path MOUNT_POINT = Path.of("/mnt/my_train");
    private static final String KEY = "c2VjcmV0LWtleS1vZi1hbi1hY2NvdW50";

    private final Map<Option<?>, String> flags = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void aFolderNeedsOnlyItsPathAndAContainer() throws ConfigurationException {
        flags.put(Options.STORE, "directory:account");
        flags.put(Options.CONTAINER_NAME, "train");

        MountSettings settings = read();
        assertThat(settings.store()).isEqualTo(new StoreSettings.Directory(Path.of("/home/me/account"), "train"));
        assertThat(settings.cachePaths()).containsExactly(Path.of("/caches/mnt_my__train"));
        assertThat(settings.log())
                .isEqualTo(new LogSettings("info", Optional.of(Path.of("/logs/mnt_my__train.log")), false));
        assertThat(settings.deadline()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.attributeTrust()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void azureIsKnownByAccountContainerAndKeyFromTheEnvironment() throws ConfigurationException {
        environment.put("AZURE_STORAGE_ACCOUNT", "acct");
        environment.put("AZURE_STORAGE_ACCOUNT_CONTAINER", "train");
        environment.put("AZURE_STORAGE_ACCESS_KEY", KEY);

        assertThat(read().store())
                .isEqualTo(new StoreSettings.Azure(
                        "acct",
                        "train",
                        URI.create("https://acct.blob.core.windows.net"),
                        new StoreSettings.Credential.AccountKey(new Secret(KEY)),
                        Optional.empty(),
                        DataPlaneChoice.THIN));
        assertThat(read().toString()).doesNotContain(KEY);
    }

    @Test
    void aKeyIsUsedRatherThanAToken() throws ConfigurationException {
        environment.put("AZURE_STORAGE_ACCOUNT", "acct");
        environment.put("AZURE_STORAGE_ACCOUNT_CONTAINER", "train");
        environment.put("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=x");
        assertThat(((StoreSettings.Azure) read().store()).credential())
                .isEqualTo(new StoreSettings.Credential.SasToken(new Secret("sv=1&sig=x")));

        environment.put("AZURE_STORAGE_ACCESS_KEY", KEY);
        assertThat(((StoreSettings.Azure) read().store()).credential())
                .isEqualTo(new StoreSettings.Credential.AccountKey(new Secret(KEY)));
    }

    @Test
    void allProblemsAreReportedTogetherEachWithItsPlace() {
        environment.put("AZURE_STORAGE_ACCOUNT", "My-Account");
        environment.put("AZURE_STORAGE_ACCESS_KEY", "not base64");
        flags.put(Options.DEADLINE, "0s");
        flags.put(Options.DOOR, "window");
        flags.put(Options.MOUNT_OPTIONS, "hard_remove");

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .satisfies(thrown -> assertThat(
                                List.of(String.valueOf(thrown.getMessage()).split("\n")))
                        .hasSize(6)
                        .anyMatch(line -> line.startsWith("environment variable AZURE_STORAGE_ACCOUNT: 'My-Account'"))
                        .anyMatch(line -> line.startsWith("environment variable AZURE_STORAGE_ACCESS_KEY: this is not"))
                        .anyMatch(line -> line.startsWith("--container-name: no container was named"))
                        .anyMatch(line -> line.startsWith("--deadline: a deadline is at least 1s"))
                        .anyMatch(line -> line.startsWith("--door: 'window' is none of auto, kernel, jnr-fuse"))
                        .anyMatch(line -> line.startsWith("-o: 'hard_remove' is not a mount option")));
    }

    @Test
    void whatAnUnreadableFileMayHaveSaidIsNotCalledMissing() {
        flags.put(Options.CONFIG_FILE, "missing.yaml");
        flags.put(Options.DOOR, "window");

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .satisfies(thrown -> assertThat(
                                List.of(String.valueOf(thrown.getMessage()).split("\n")))
                        .satisfiesExactly(
                                first -> assertThat(first).contains("missing.yaml: the configuration cannot be read"),
                                second -> assertThat(second).startsWith("--door: 'window'")));
    }

    @Test
    void readOnlyComesFromEitherFlag() throws ConfigurationException {
        flags.put(Options.STORE, "directory:/srv");
        flags.put(Options.CONTAINER_NAME, "train");
        assertThat(read().readOnly()).isFalse();

        flags.put(Options.MOUNT_OPTIONS, "ro");
        assertThat(read().readOnly()).isTrue();

        flags.remove(Options.MOUNT_OPTIONS);
        flags.put(Options.READ_ONLY, "true");
        assertThat(read().readOnly()).isTrue();
    }

    @Test
    void closeAndFsyncWaitForTheStoreUnlessToldOtherwise() throws ConfigurationException {
        flags.put(Options.STORE, "directory:/srv");
        flags.put(Options.CONTAINER_NAME, "train");
        assertThat(read().durability()).isEqualTo(new DurabilityChoice(Durability.BLOB, Map.of()));

        flags.put(Options.LAZY_WRITE, "true");
        Durability lazy = new Durability(Durability.Level.LOCAL, Durability.Level.BLOB);
        assertThat(read().durability().usual()).isEqualTo(lazy);

        flags.put(Options.WRITE_BACK, "local");
        flags.put(Options.DURABILITY, "models/:blob\nlogs/:local,blob");
        assertThat(read().durability())
                .isEqualTo(new DurabilityChoice(Durability.LOCAL, Map.of("models/", Durability.BLOB, "logs/", lazy)));

        flags.put(Options.WRITE_BACK, "blob");
        assertThat(read().durability().usual()).isEqualTo(Durability.BLOB);
    }

    @Test
    void whatIsWrongWithADurabilityIsSaid() {
        flags.put(Options.STORE, "directory:/srv");
        flags.put(Options.CONTAINER_NAME, "train");
        for (Map.Entry<String, String> wrong : Map.of(
                        "scratch", "has no prefix",
                        "scratch/:disk", "'disk' is neither blob nor local",
                        "a:local\n/a:blob", "'a' is named twice",
                        "a:local,blob,local", "more than a level for close and one for fsync")
                .entrySet()) {
            flags.put(Options.DURABILITY, wrong.getKey());
            assertThatThrownBy(this::read)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("--durability: ")
                    .hasMessageContaining(wrong.getValue());
        }
    }

    @Test
    void theKernelDoorIsWhatOneGetsWithAllThatItCan() throws ConfigurationException {
        flags.put(Options.STORE, "directory:/srv");
        flags.put(Options.CONTAINER_NAME, "train");
        assertThat(read().door()).isEqualTo(DoorChoice.AUTO);
        assertThat(read().passthrough()).isTrue();
        assertThat(read().directoryPrefetch()).isTrue();
        assertThat(read().readAhead()).isEqualTo(CacheSettings.DEFAULTS.prefetchBytes());
        assertThat(read().backgroundFill()).isTrue();

        assertThat(read().extendedAttributes()).isFalse();

        flags.put(Options.NO_PASSTHROUGH, "true");
        flags.put(Options.NO_DIRECTORY_PREFETCH, "true");
        flags.put(Options.READ_AHEAD, "0");
        flags.put(Options.NO_BACKGROUND_FILL, "true");
        flags.put(Options.FUSE_TRACE, "true");
        assertThat(read().passthrough()).isFalse();
        assertThat(read().directoryPrefetch()).isFalse();
        assertThat(read().readAhead().bytes()).isZero();
        assertThat(read().backgroundFill()).isFalse();
        flags.put(Options.XATTRS, "true");
        flags.put(Options.FUSE_TRACE, "true");
        assertThat(read().passthrough()).isFalse();
        assertThat(read().extendedAttributes()).isTrue();
        assertThat(read().log().fuseTrace()).isTrue();
    }

    @Test
    void aTraceThatTheDoorCannotGiveIsRefused() {
        flags.put(Options.STORE, "directory:/srv");
        flags.put(Options.CONTAINER_NAME, "train");
        flags.put(Options.FUSE_TRACE, "true");
        flags.put(Options.DOOR, "jnr-fuse");

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("--fuse-trace: the door jnr-fuse cannot trace requests");
    }

    @Test
    void theForegroundLogsToStandardErrorUnlessAFileIsNamed() throws ConfigurationException {
        flags.put(Options.STORE, "directory:/srv");
        flags.put(Options.CONTAINER_NAME, "train");
        flags.put(Options.FOREGROUND, "true");
        assertThat(read().log().file()).isEmpty();

        flags.put(Options.LOG_FILE_PATH, "f.log");
        assertThat(read().log().file()).hasValue(Path.of("/home/me/f.log"));
    }

    private MountSettings read() throws ConfigurationException {
        return MountSettings.read(
                MOUNT_POINT,
                new ConfigurationSources(flags, environment, Path.of("/home/me")),
                new DefaultPlaces(Path.of("/caches"), Path.of("/logs")));
    }
}
