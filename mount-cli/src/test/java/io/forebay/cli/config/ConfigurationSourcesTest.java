package io.forebay.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationSourcesTest {
    @TempDir
    private Path folder;

    private final Map<Option<?>, String> flags = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Problems problems = new Problems();

    @BeforeEach
    void nameTheFile() {
        flags.put(Options.CONFIG_FILE, "f.yaml");
    }

    @Test
    void aFlagCountsMoreThanAVariableAndThatMoreThanTheFile() throws IOException {
        file("container-name: from-file\n");
        assertThat(read().find(Options.CONTAINER_NAME)).hasValue("from-file");

        environment.put("AZURE_STORAGE_ACCOUNT_CONTAINER", "from-variable");
        assertThat(read().find(Options.CONTAINER_NAME)).hasValue("from-variable");

        flags.put(Options.CONTAINER_NAME, "from-flag");
        assertThat(read().find(Options.CONTAINER_NAME)).hasValue("from-flag");
    }

    @Test
    void aVariableThatIsSetToNothingCountsAsNotSet() throws IOException {
        file("container-name: from-file\n");
        environment.put("AZURE_STORAGE_ACCOUNT_CONTAINER", " ");

        assertThat(read().find(Options.CONTAINER_NAME)).hasValue("from-file");
    }

    @Test
    void withoutAnyTheDefaultCounts() throws IOException {
        file("");

        assertThat(read().value(Options.DOOR)).isEqualTo(DoorChoice.AUTO);
        assertThat(problems.sentences()).isEmpty();
    }

    @Test
    void mountOptionsMayBeAListInTheFile() throws IOException {
        file("mount-options: [ro, umask=027]\n");

        FuseOptions options = read().value(Options.MOUNT_OPTIONS);
        assertThat(options.readOnly()).isTrue();
        assertThat(options.umask()).hasValue(027);
    }

    @Test
    void severalFoldersMayBeNamedInAList() throws IOException {
        file("cache-path: [/nvme0/a, /nvme1/b]\n");
        assertThat(read().find(Options.CACHE_PATH)).hasValue(List.of(Path.of("/nvme0/a"), Path.of("/nvme1/b")));
        file("cache-path: /nvme0/a\n");
        assertThat(read().find(Options.CACHE_PATH)).hasValue(List.of(Path.of("/nvme0/a")));
        assertThat(problems.sentences()).isEmpty();
    }

    @Test
    void anUnknownKeyIsAProblemWithItsLineAndTheNearestKey() throws IOException {
        file("# ours\ncontainer-nmae: train\ncolour: red\n");
        read();

        assertThat(problems.sentences())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo(folder.resolve("f.yaml")
                                        + ":2: unknown key 'container-nmae'; did you mean 'container-name'?"),
                        second -> assertThat(second).contains("f.yaml:3: unknown key 'colour'; the keys are store,"));
    }

    @Test
    void malformedYamlIsAProblemWithLineColumnAndReason() throws IOException {
        file("container-name: train\naccount-name: [a\nlog-level: info\n");
        read();

        assertThat(problems.sentences()).singleElement().asString().matches(".*f\\.yaml:3:10: this is not YAML: \\S.*");
    }

    @Test
    void aValueThatCannotBeReadIsAProblemWithItsLine() throws IOException {
        file("\ndeadline: soon\n");
        assertThat(read().value(Options.DEADLINE)).hasSeconds(60);

        assertThat(problems.sentences())
                .singleElement()
                .asString()
                .contains("f.yaml:2: deadline: 'soon' is not a duration; write for example");
    }

    @Test
    void whatIsNoMappingOfPlainValuesIsAProblem() throws IOException {
        for (String text : List.of(
                "just words\n",
                "- a\n- b\n",
                "container-name: [a]\n",
                "store: {a: b}\n",
                "door: auto\ndoor: auto\n",
                "? [a]\n: b\n")) {
            Problems found = new Problems();
            file(text);
            sources().read(found);

            assertThat(found.sentences()).as(text).hasSize(1).allMatch(sentence -> sentence.contains("f.yaml:"));
        }
    }

    @Test
    void aFileThatCannotBeReadIsAProblemThatSaysWhy() throws IOException {
        read();
        assertThat(problems.sentences())
                .singleElement()
                .asString()
                .contains("f.yaml: ", "no such file", "--config-file");

        Files.createDirectory(folder.resolve("f.yaml"));
        Problems found = new Problems();
        sources().read(found);
        assertThat(found.sentences()).singleElement().asString().contains("this is a folder");
    }

    @Test
    void aFileThatIsNotTextIsAProblem() throws IOException {
        Files.write(folder.resolve("f.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        read();

        assertThat(problems.sentences()).singleElement().asString().contains("not text in UTF-8");
    }

    private void file(String text) throws IOException {
        Files.writeString(folder.resolve("f.yaml"), text);
    }

    private Configuration read() {
        return sources().read(problems);
    }

    private ConfigurationSources sources() {
        return new ConfigurationSources(flags, environment, folder);
    }
}
