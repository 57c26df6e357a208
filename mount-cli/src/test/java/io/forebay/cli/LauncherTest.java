package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with a shell script in the place of Java. */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of(Objects.requireNonNull(System.getProperty("forebay.root")), "packaging/src/main/launcher/forebay");

    @TempDir
    private Path folder;

    private Path java;

    @BeforeEach
    void installJava() throws IOException {
        java = folder.resolve("jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(folder.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.1\"\n");
        Files.createDirectories(folder.resolve("tmp"));
    }

    @Test
    void handsOtherCommandsOverWithTheirExitCode() throws Exception {
        javaIs("echo \"arguments: $*\"; exit 7");

        assertThat(launch("list", "a b")).isEqualTo(7);
        assertThat(output()).contains("io.forebay.cli.Main list a b").contains("lib/java.options", "lib/forebay.jar");
    }

    @Test
    void returnsWhenTheMountAnswersAndLeavesItRunning() throws Exception {
        Path lives = folder.resolve("lives");
        javaIs("echo mounted; exec >/dev/null 2>&1; echo ready >&3; echo $$ >" + lives + "; exec sleep 300");

        assertThat(launch("mount", "/mnt")).isEqualTo(0);
        assertThat(output()).contains("mounted");
        ProcessHandle daemon = daemon(lives);
        try {
            assertThat(daemon.isAlive()).isTrue();
            assertThat(folder.resolve("tmp")).as("the pipe is cleaned up").isEmptyDirectory();
        } finally {
            assertThat(daemon.destroyForcibly()).isTrue();
            daemon.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMountThatFailsGivesItsExitCodeAndItsWords() throws Exception {
        javaIs("echo 'no such container' >&2; exit 3");

        assertThat(launch("mount", "/mnt")).isEqualTo(3);
        assertThat(output()).contains("no such container");
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void waitsForAMountThatAFilePutInTheForeground() throws Exception {
        javaIs("echo foreground >&3; read -r line <" + pipe() + "; exit 5");
        Process launcher = start("mount", "/mnt");
        try {
            assertThat(launcher.waitFor(300, TimeUnit.MILLISECONDS))
                    .as("it waits")
                    .isFalse();
            Files.writeString(folder.resolve("pipe"), "end\n");
            assertThat(ended(launcher)).isEqualTo(5);
        } finally {
            launcher.destroyForcibly();
        }
    }

    @Test
    void passesASignalOnAndGivesTheCodeOfTheOrderlyEnd() throws Exception {
        Path lives = folder.resolve("lives");
        javaIs("trap 'kill $child; exit 0' TERM; echo foreground >&3; sleep 300 & child=$!; echo $$ >" + lives
                + "; wait $child; exit 9");
        Process launcher = start("mount", "/mnt");
        try {
            ProcessHandle daemon = daemon(lives);
            launcher.destroy();
            assertThat(ended(launcher)).isZero();
            assertThat(daemon.isAlive()).isFalse();
        } finally {
            launcher.destroyForcibly();
        }
    }

    @Test
    void foregroundAndHelpAreHandedOverAsTheyAre() throws Exception {
        javaIs("echo \"arguments: $*\"; exit 4");

        for (String flag : List.of("--foreground", "-f", "--foreground=true", "--help")) {
            assertThat(launch("mount", "/mnt", flag)).isEqualTo(4);
            assertThat(output()).contains(flag).doesNotContain("launcher-waits");
        }
    }

    @Test
    void anOlderJavaWillNotDo() throws Exception {
        javaIs("echo wrong; exit 0");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"21.0.5\"\n");
        launch("version");

        assertThat(output()).doesNotContain("wrong");
    }

    private void javaIs(String script) throws IOException {
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    private int launch(String... arguments) throws IOException, InterruptedException {
        return ended(start(arguments));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("FOREBAY_JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
        return builder.start();
    }

    private static int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("the launcher ends")
                .isTrue();
        return process.exitValue();
    }

    /** The process whose number appears in {@code file}. */
    private static ProcessHandle daemon(Path file) throws IOException, InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            String text = Files.exists(file) ? Files.readString(file).strip() : "";
            if (!text.isEmpty()) {
                return ProcessHandle.of(Long.parseLong(text)).orElseThrow();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no process wrote its number to " + file);
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }
}
