package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a mount does not need is not loaded. The mounts here end at a container that does not exist: behind the reading of
 * the configuration, the checks and the opening of the store, where the choices are made.
 */
class LoadedClassesTest {
    @TempDir
    private Path folder;

    @Test
    void aMountOfAFolderLoadsNeitherTheAzureSdkNorYaml() throws Exception {
        assertThat(classesLoadedBy())
                .contains("io.forebay.cli.Assembly", "io.forebay.blob.directory.DirectoryBlobStore")
                .noneMatch(name -> name.startsWith("com.azure.") || name.startsWith("io.forebay.blob.azure."))
                .noneMatch(name -> name.startsWith("org.snakeyaml."))
                .noneMatch(name -> name.startsWith("reactor.") || name.startsWith("java.net.http."));
    }

    @Test
    void yamlIsLoadedWhenThereIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("f.yaml"), "log-level: error\n");

        assertThat(classesLoadedBy("--config-file=" + file)).anyMatch(name -> name.startsWith("org.snakeyaml."));
    }

    private List<String> classesLoadedBy(String... more) throws IOException, InterruptedException {
        Path mountPoint = Files.createDirectories(folder.resolve("mnt"));
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "mount",
                mountPoint.toString(),
                "--store=directory:" + Files.createDirectories(folder.resolve("account")),
                "--container-name=missing",
                "--cache-path=" + folder.resolve("cache"),
                "--log-file-path=" + folder.resolve("log")));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as("%s", lines.getLast()).isEqualTo(Main.FAILED);
        assertThat(lines).anyMatch(line -> line.startsWith("forebay: ") && line.contains("missing"));
        return lines.stream()
                .filter(line -> line.contains(" source: "))
                .map(line -> line.replaceFirst("^.*\\] ", "").replaceFirst(" source: .*$", ""))
                .toList();
    }
}
