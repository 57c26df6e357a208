package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program that is run to its end, within a limit. Its output goes to a file and not through a pipe, which a daemon
 * could keep open.
 */
final class Command {
    /** Far above what anything measured here takes. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private Command() {}

    /** A program of the JDK that runs this one. */
    static String ofJdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /**
     * Runs it.
     *
     * @return what it printed
     * @throws IOException if it fails, with all that it said
     */
    static String run(String... words) throws IOException {
        return run(List.of(words), Map.of());
    }

    /** The same, with these variables beside those of this process. */
    static String run(List<String> words, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile("forebay-bench-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!Waiting.forEnd(process, LIMIT)) {
                    throw new IOException("still running after " + LIMIT.toSeconds() + " s: " + words);
                }
            } finally {
                process.destroyForcibly();
            }
            String said = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IOException("exit code " + process.exitValue() + " of " + words + ": " + said);
            }
            return said;
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
