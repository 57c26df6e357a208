package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says on the terminal before anything is mounted. */
class MainTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"", "mount", "unmount", "list", "warmup", "evict", "unpin", "cache", "doctor", "version"})
    void everyCommandHasHelp(String command) {
        List<String> arguments = command.isEmpty() ? List.of("--help") : List.of(command, "--help");

        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(Main.DONE);
        assertThat(out()).contains("usage: forebay", "options:");
        assertThat(err()).isEmpty();
    }

    @Test
    void theHelpOfMountNamesEveryFlagAndNoSecret() {
        run("mount", "--help");

        assertThat(out())
                .contains("--container-name=NAME", "--store=STORE", "-o=OPTION", "--cache-path=PATH", "examples:")
                .doesNotContain("--account-key", "--sas");
    }

    @Test
    void versionPrintsOneLine() {
        assertThat(run("version")).isEqualTo(Main.DONE);
        assertThat(out()).startsWith("forebay ").hasLineCount(1);
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        assertThat(run()).isEqualTo(Main.USAGE);
        assertThat(err()).contains("name a command: mount, unmount, list, status, flush, conflicts, recover, warmup, ");
    }

    @Test
    void anUnknownFlagIsNamedWithTheNearestAndWithoutItsValue() {
        assertThat(run("mount", "/mnt", "--continer-name=hush")).isEqualTo(Main.USAGE);
        assertThat(err())
                .contains("'--continer-name' is not known here; did you mean", "--container-name")
                .doesNotContain("hush");
    }

    @Test
    void anUnknownCommandIsNamedWithTheNearest() {
        assertThat(run("unmonut", "/mnt")).isEqualTo(Main.USAGE);
        assertThat(err()).contains("'unmonut' is not known here; did you mean", "unmount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--account-key=hush", "--sas=hush", "--account-key hush"})
    void aSecretAsAFlagIsRefusedWithWhatToDo(String flag) {
        assertThat(run(("mount " + folder + " " + flag).split(" "))).isEqualTo(Main.FAILED);
        assertThat(err())
                .contains("this is not a flag, because every user", "AZURE_STORAGE_")
                .doesNotContain("hush")
                .hasLineCount(1);
    }

    @Test
    void everyProblemOfTheConfigurationIsOneLine() {
        assertThat(run("mount", folder.toString(), "--deadline=soon", "--door=window"))
                .isEqualTo(Main.FAILED);
        assertThat(err().lines())
                .hasSize(5)
                .allMatch(line -> line.startsWith("forebay: "))
                .anyMatch(line -> line.contains("--deadline: 'soon'"))
                .anyMatch(line -> line.contains("--door: 'window'"))
                .anyMatch(line -> line.contains("--container-name"))
                .anyMatch(line -> line.contains("--account-name"))
                .anyMatch(line -> line.contains("credentials"));
    }

    @Test
    void aMissingMountPointIsOneSentence() {
        Path missing = folder.resolve("missing");

        assertThat(run("mount", missing.toString(), "--store=directory:" + folder, "--container-name=train"))
                .isEqualTo(Main.FAILED);
        assertThat(err())
                .contains("the mount point " + missing, "does not exist")
                .hasLineCount(1);
    }

    @Test
    void unmountingWhereNothingIsMountedIsOneSentence() {
        assertThat(run("unmount", folder.toString())).isEqualTo(Main.FAILED);
        assertThat(err()).contains("nothing is mounted at").hasLineCount(1);
    }

    private int run(String... arguments) {
        Host host = new Host(
                Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()),
                folder,
                1000,
                1000,
                false,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Clock.system());
        return Main.run(List.of(arguments), host);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
