package io.forebay.fs.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs against a mount, from outside of the process that serves it, and never for long. */
final class Shell {
    private static final int LIMIT_SECONDS = 60;

    private Shell() {}

    /**
     * What a program said and returned.
     *
     * @param output standard output and error together
     */
    record Outcome(int exitCode, String output) {}

    /** Runs a line of shell in {@code folder}. */
    static Outcome run(Path folder, String line) throws IOException, InterruptedException {
        return run(folder, List.of("sh", "-c", line));
    }

    static Outcome run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("shell", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command + " hangs: " + Files.readString(output));
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8).strip());
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Runs a line of shell that must succeed, and returns what it said. */
    static String succeed(Path folder, String line) throws IOException, InterruptedException {
        Outcome outcome = run(folder, line);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(line + " returned " + outcome.exitCode() + ": " + outcome.output());
        }
        return outcome.output();
    }
}
