package io.forebay.nativetests.ground;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The command {@code forebay} as one user of one machine runs it: with a home folder of its own, in the poorest
 * environment that a service manager gives (no locale, none of Azure's variables unless the test sets them).
 *
 * <p>Everything that it starts inherits a token in its environment, so that the processes of this user can be told from
 * those of any other test on the machine, whoever their parent has become.
 */
public final class Forebay {
    private static final String TOKEN_VARIABLE = "FOREBAY_TEST_TOKEN";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration DUMP_LIMIT = Duration.ofSeconds(10);
    private static final int LOG_TAIL_LINES = 60;

    private final Path home;
    private final String token = TOKEN_VARIABLE + "=" + UUID.randomUUID();
    private final Map<String, String> environment;

    /**
     * @param home an empty folder that the caller removes
     * @param environment what this user has exported, keys of a store for example
     */
    public Forebay(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = Map.copyOf(environment);
    }

    /** Where {@code ./dev build} put the launcher. */
    public static Path launcher() {
        Path launcher = distribution().resolve("bin").resolve("forebay");
        if (!Files.isExecutable(launcher)) {
            throw new IllegalStateException("there is no " + launcher + "; run ./dev build first");
        }
        return launcher;
    }

    /** The folder with all that is installed. */
    public static Path distribution() {
        String root = System.getProperty("forebay.root");
        if (root == null) {
            throw new IllegalStateException("the system property forebay.root must name the repository's root");
        }
        return Path.of(root, "dist", "forebay");
    }

    public Path home() {
        return home;
    }

    /** A forebay command line, not yet run. */
    public Command command(List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(launcher().toString());
        words.addAll(arguments);
        return inMyEnvironment(Command.of(words)).within(LIMIT).explainedBy(this::evidence);
    }

    public Command command(String... arguments) {
        return command(List.of(arguments));
    }

    /** Any command, run as this user. */
    public Command inMyEnvironment(Command command) {
        Command mine = command;
        for (String variable : System.getenv().keySet()) {
            if (variable.startsWith("AZURE_") || variable.startsWith("LC_") || variable.startsWith("XDG_")) {
                mine = mine.with(variable, null);
            }
        }
        mine = mine.with("LANG", null)
                .with("LC_ALL", "C")
                .with("HOME", home.toString())
                .with(TOKEN_VARIABLE, token.substring(TOKEN_VARIABLE.length() + 1));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            mine = mine.with(variable.getKey(), variable.getValue());
        }
        return mine;
    }

    /** Everything this user still has running. */
    public List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> environmentOf(process).contains(token))
                .toList();
    }

    /** Ends whatever is left, the hard way. */
    public void killAll() throws InterruptedException {
        processes().forEach(ProcessHandle::destroyForcibly);
        Await.until(Duration.ofSeconds(10), "killed processes are gone: " + processes(), () -> processes()
                .isEmpty());
    }

    /** What the daemons know: their threads and the end of their logs. */
    public String evidence() {
        StringBuilder text = new StringBuilder();
        for (ProcessHandle process : processes()) {
            text.append("--- process ")
                    .append(process.pid())
                    .append(' ')
                    .append(commandLineOf(process))
                    .append('\n');
            text.append(threadsOf(process)).append('\n');
        }
        for (Path log : logs()) {
            text.append("--- end of ").append(log).append('\n');
            text.append(tail(log)).append('\n');
        }
        return text.toString();
    }

    /** Every log file below the home folder. */
    public List<Path> logs() {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** Virtual threads too, which do most of the work, and which jstack does not know. */
    private static String threadsOf(ProcessHandle process) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Path dump = Path.of(System.getProperty("java.io.tmpdir"), "forebay-threads-" + process.pid() + ".txt");
        try {
            Command.of(
                            jcmd.toString(),
                            Long.toString(process.pid()),
                            "Thread.dump_to_file",
                            "-overwrite",
                            dump.toString())
                    .within(DUMP_LIMIT)
                    .succeed();
            return Files.readString(dump);
        } catch (IOException | AssertionError e) {
            return "no thread dump: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "no thread dump: interrupted";
        } finally {
            dump.toFile().delete();
        }
    }

    private static String tail(Path log) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LOG_TAIL_LINES), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    /** Empty for a process that has ended, is a zombie, or belongs to somebody else. */
    private static String environmentOf(ProcessHandle process) {
        return procFile(process, "environ");
    }

    public static String commandLineOf(ProcessHandle process) {
        return procFile(process, "cmdline").replace('\0', ' ').strip();
    }

    private static String procFile(ProcessHandle process, String name) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), name));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            return "";
        }
    }
}
