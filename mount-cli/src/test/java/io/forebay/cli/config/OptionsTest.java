package io.forebay.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.forebay.base.ByteSize;
import io.forebay.fs.Durability;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of the table, from every source that it may come from. */
class OptionsTest {
    private static final String KEY = "c2VjcmV0LWtleS1vZi1hbi1hY2NvdW50";
    private static final String SAS = "sv=2024-01-01&sig=abc%3D";

    /** An option with a text that can be read, what comes out, and a text that cannot be read. */
    record Example<T>(Option<T> option, String good, T value, String bad) {}

    private static final List<Example<?>> EXAMPLES = List.of(
            new Example<>(Options.CONFIG_FILE, "/etc/forebay.yaml", Path.of("/etc/forebay.yaml"), "a\0b"),
            new Example<>(
                    Options.STORE,
                    "directory:/srv/account",
                    new StoreChoice.Directory(Path.of("/srv/account")),
                    "directory:"),
            new Example<>(Options.CONTAINER_NAME, "train", "train", "train/2024"),
            new Example<>(Options.ACCOUNT_NAME, "myaccount1", "myaccount1", "My-Account"),
            new Example<>(
                    Options.ENDPOINT,
                    "acct.blob.core.windows.net/",
                    URI.create("https://acct.blob.core.windows.net"),
                    "ftp://acct"),
            new Example<>(Options.ACCOUNT_KEY, KEY, new Secret(KEY), "not base64!"),
            new Example<>(Options.SAS, "?" + SAS, new Secret(SAS), "sv=2024-01-01"),
            new Example<>(Options.CA_CERT_FILE, "/etc/ca.pem", Path.of("/etc/ca.pem"), "a\0b"),
            new Example<>(Options.DEADLINE, "5m", Duration.ofMinutes(5), "soon"),
            new Example<>(Options.DATA_PLANE, "Thin", DataPlaneChoice.THIN, "thick"),
            new Example<>(Options.CACHE_PATH, "/nvme/a,b", List.of(Path.of("/nvme/a,b")), "/same\n/same"),
            new Example<>(Options.CACHE_SIZE, "500GiB", new ByteSize(500L << 30), "half"),
            new Example<>(Options.CACHE_HIGH_MARK, "95%", 95, "101"),
            new Example<>(Options.CACHE_LOW_MARK, "70", 70, "0"),
            new Example<>(Options.CACHE_MIN_FREE, "20G", new ByteSize(20L << 30), "-1"),
            new Example<>(Options.CACHE_TTL, "24h", Duration.ofHours(24), "never"),
            new Example<>(Options.WRITE_BACK, "Local", Durability.Level.LOCAL, "disk"),
            new Example<>(
                    Options.DURABILITY,
                    "/a:b/:local,blob",
                    Map.of("a:b/", new Durability(Durability.Level.LOCAL, Durability.Level.BLOB)),
                    ":local"),
            new Example<>(Options.LAZY_WRITE, "true", true, "perhaps"),
            new Example<>(Options.ATTR_CACHE_TIMEOUT, "90", Duration.ofSeconds(90), "-1"),
            new Example<>(Options.DOOR, "JNR-fuse", DoorChoice.JNR_FUSE, "window"),
            new Example<>(Options.NO_PASSTHROUGH, "true", true, "perhaps"),
            new Example<>(Options.READ_AHEAD, "64MiB", new ByteSize(64L << 20), "far"),
            new Example<>(Options.NO_BACKGROUND_FILL, "true", true, "perhaps"),
            new Example<>(Options.NO_DIRECTORY_PREFETCH, "true", true, "perhaps"),
            new Example<>(Options.XATTRS, "true", true, "perhaps"),
            new Example<>(Options.FUSE_TRACE, "yes", true, "loudly"),
            new Example<>(Options.READ_ONLY, "true", true, "perhaps"),
            new Example<>(Options.MOUNT_OPTIONS, "ro,nonempty", FuseOptions.parse("ro,nonempty"), "hard_remove"),
            new Example<>(Options.FOREGROUND, "yes", true, "maybe"),
            new Example<>(Options.LOG_LEVEL, "DEBUG", "debug", "loud"),
            new Example<>(Options.LOG_FILE_PATH, "/var/log/f.log", Path.of("/var/log/f.log"), "a\0b"));

    static Stream<Arguments> examples() {
        return EXAMPLES.stream().map(example -> argumentSet(example.option().key(), example));
    }

    @Test
    void everyOptionHasAnExampleHere() {
        assertThat(EXAMPLES.stream().<Option<?>>map(Example::option))
                .as("an option that is not tested here is not tested")
                .containsExactlyElementsOf(Options.ALL);
    }

    @Test
    void namesAreUsedOnce() {
        assertThat(Options.ALL.stream().map(Option::key)).doesNotHaveDuplicates();
        assertThat(Options.ALL.stream().flatMap(option -> option.flag().stream()))
                .doesNotHaveDuplicates();
        assertThat(Options.ALL.stream().flatMap(option -> option.environment().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void defaultsCanBeRead() {
        for (Option<?> option : Options.ALL) {
            option.defaultValue()
                    .ifPresent(text -> assertThat(option.parser().parse(text)).isNotNull());
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void comesFromItsFlag(Example<?> example) {
        Problems problems = new Problems();
        Configuration read =
                sources(Map.of(example.option(), example.good()), Map.of()).read(problems);

        if (!example.option().equals(Options.CONFIG_FILE)) {
            assertThat(problems.sentences()).isEmpty();
        }
        assertThat(read.find(example.option()))
                .hasValueSatisfying(value -> assertThat((Object) value).isEqualTo(example.value()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void comesFromItsEnvironmentVariable(Example<?> example) {
        example.option().environment().ifPresent(variable -> {
            Configuration read =
                    sources(Map.of(), Map.of(variable, example.good())).read(new Problems());

            assertThat(read.find(example.option()))
                    .hasValueSatisfying(value -> assertThat((Object) value).isEqualTo(example.value()));
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    void comesFromItsKeyInTheFile(Example<?> example, @TempDir Path folder) throws IOException {
        if (example.option().yamlKey().isEmpty()) {
            return;
        }
        Path file =
                Files.writeString(folder.resolve("f.yaml"), example.option().key() + ": '" + example.good() + "'\n");
        Problems problems = new Problems();
        Configuration read =
                sources(Map.of(Options.CONFIG_FILE, file.toString()), Map.of()).read(problems);

        assertThat(problems.sentences()).isEmpty();
        assertThat(read.find(example.option()))
                .hasValueSatisfying(value -> assertThat((Object) value).isEqualTo(example.value()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void whatCannotBeReadIsAProblemThatNamesItsPlace(Example<?> example) {
        Problems problems = new Problems();
        Configuration read =
                new Configuration(Map.of(example.option(), new Setting(example.bad(), "the place")), true, problems);

        assertThat(read.find(example.option())).isEmpty();
        assertThat(problems.sentences()).singleElement().asString().startsWith("the place: ");
    }

    @Test
    void secretsAreInNoProblemAndInNoText() {
        Problems problems = new Problems();
        Configuration read = new Configuration(
                Map.of(
                        Options.ACCOUNT_KEY, new Setting("hush-hush!", "env"),
                        Options.SAS, new Setting("hush-hush", "env")),
                true,
                problems);

        assertThat(read.find(Options.ACCOUNT_KEY)).isEmpty();
        assertThat(read.find(Options.SAS)).isEmpty();
        assertThat(problems.sentences()).hasSize(2).noneMatch(sentence -> sentence.contains("hush"));
        assertThat(new Secret("hush")).hasToString("***");
        assertThat(new Setting("hush", "env").toString()).doesNotContain("hush");
    }

    @Test
    void secretsAreTheOnlyOptionsWithoutAFlag() {
        assertThat(new HashSet<>(Options.ALL.stream()
                        .filter(option -> option.flag().isEmpty())
                        .toList()))
                .containsExactlyInAnyOrder(Options.ACCOUNT_KEY, Options.SAS);
    }

    private static ConfigurationSources sources(Map<Option<?>, String> flags, Map<String, String> environment) {
        return new ConfigurationSources(flags, environment, Path.of("/"));
    }
}
