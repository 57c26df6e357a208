package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An external command with a limit. Immutable; each {@code with} method gives a changed copy.
 *
 * <p>Its output goes to files and not through pipes: a pipe ends only when the last process that holds it does, and a
 * daemon that wrongly kept one would hang the test that is to find it.
 */
public final class Command {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final List<String> words;
    private final Map<String, @Nullable String> environment;
    private final @Nullable Path directory;
    private final Duration limit;
    private final Supplier<String> evidence;

    private Command(
            List<String> words,
            Map<String, @Nullable String> environment,
            @Nullable Path directory,
            Duration limit,
            Supplier<String> evidence) {
        this.words = words;
        this.environment = environment;
        this.directory = directory;
        this.limit = limit;
        this.evidence = evidence;
    }

    public static Command of(String... words) {
        return of(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(List.copyOf(words), new TreeMap<>(), null, DEFAULT_LIMIT, () -> "");
    }

    /** A line for {@code sh}; {@code arguments} are its {@code $1}, {@code $2} and so on. */
    public static Command shell(String line, Object... arguments) {
        String[] words = new String[4 + arguments.length];
        words[0] = "sh";
        words[1] = "-ec";
        words[2] = line;
        words[3] = "sh";
        for (int i = 0; i < arguments.length; i++) {
            words[4 + i] = arguments[i].toString();
        }
        return of(words);
    }

    /** With a variable set, or, for null, taken away. */
    public Command with(String variable, @Nullable String value) {
        Map<String, @Nullable String> changed = new TreeMap<>(environment);
        changed.put(variable, value);
        return new Command(words, changed, directory, limit, evidence);
    }

    public Command in(Path workingDirectory) {
        return new Command(words, environment, workingDirectory, limit, evidence);
    }

    public Command within(Duration otherLimit) {
        return new Command(words, environment, directory, otherLimit, evidence);
    }

    /** With something to ask for an explanation when the limit has passed, before anything is killed. */
    public Command explainedBy(Supplier<String> explanation) {
        return new Command(words, environment, directory, limit, explanation);
    }

    /** Runs it to its end; fails if that takes longer than the limit. */
    public Finished run() throws IOException, InterruptedException {
        Path stdout = Files.createTempFile("forebay-test-", ".stdout");
        Path stderr = Files.createTempFile("forebay-test-", ".stderr");
        try {
            long startNanos = System.nanoTime();
            Process process =
                    start(ProcessBuilder.Redirect.to(stdout.toFile()), ProcessBuilder.Redirect.to(stderr.toFile()));
            boolean ended = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
            if (!ended) {
                String explanation = evidence.get();
                kill(process);
                throw new AssertionError("still running after " + limit.toSeconds() + " s: " + this + "\nstdout: "
                        + text(stdout) + "\nstderr: " + text(stderr) + "\n" + explanation);
            }
            return new Finished(toString(), process.exitValue(), text(stdout), text(stderr), took);
        } finally {
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(stderr);
        }
    }

    /** Runs it, fails unless it exits with 0, and gives what it printed. */
    public String succeed() throws IOException, InterruptedException {
        return run().orFail().stdout();
    }

    /** Starts it and returns; nobody reads what it says. Whoever starts it sees to its end. */
    public Process startUnheard() throws IOException {
        return start(ProcessBuilder.Redirect.DISCARD, ProcessBuilder.Redirect.DISCARD);
    }

    private Process start(ProcessBuilder.Redirect stdout, ProcessBuilder.Redirect stderr) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(stdout)
                .redirectError(stderr);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        environment.forEach((variable, value) -> {
            if (value == null) {
                builder.environment().remove(variable);
            } else {
                builder.environment().put(variable, value);
            }
        });
        return builder.start();
    }

    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(KILL_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
