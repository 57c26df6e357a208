package io.forebay.testkit.sim;

import io.forebay.testkit.azurite.SelfSignedCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running simulator, in a process of its own on a free port of the loopback interface. It ends when it is closed, and
 * in any case with this JVM, however that ends: it watches its standard input.
 *
 * <p>Its methods change the store while it runs; a failure of theirs is an {@link IOException} with all that the process
 * has said.
 */
public final class Simulator implements AutoCloseable {
    /** The account that its addresses name; it takes any. */
    public static final String ACCOUNT = "simulated";

    /** A key to sign with, for clients that want one; no signature is checked. */
    public static final String KEY = "c2ltdWxhdGVkLWFjY291bnQta2V5LXRoYXQtb3BlbnMtbm90aGluZw==";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final Path folder;
    private final URI address;
    private final @Nullable SelfSignedCertificate certificate;
    private final ControlClient control;
    private final AtomicInteger containers = new AtomicInteger();

    private Simulator(Process process, Path folder, URI address, @Nullable SelfSignedCertificate certificate)
            throws IOException {
        this.process = process;
        this.folder = folder;
        this.address = address;
        this.certificate = certificate;
        this.control = new ControlClient(address, certificate == null ? null : certificate.pem());
    }

    /** Starts one without limits, and returns when it answers. */
    public static Simulator start() throws IOException, InterruptedException {
        return start(SimulatorOptions.DEFAULT);
    }

    /** Starts one, and returns when it answers. */
    public static Simulator start(SimulatorOptions options) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("forebay-simulator");
        Process process = null;
        try {
            SelfSignedCertificate certificate = options.encrypted() ? SelfSignedCertificate.create(folder) : null;
            process = new ProcessBuilder(command(options, certificate))
                    .redirectError(folder.resolve("stderr").toFile())
                    .start();
            return new Simulator(process, folder, awaitListening(process, folder), certificate);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            if (process != null) {
                stop(process);
            }
            deleteTree(folder);
            throw failed;
        }
    }

    private static List<String> command(SimulatorOptions options, @Nullable SelfSignedCertificate certificate) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Nothing but large arrays and what one request makes: the smallest collector does.
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx" + options.heapMebibytes() + "m", "-cp", classes()));
        command.addAll(List.of(SimulatorMain.class.getName(), "--until-stdin-ends"));
        command.addAll(List.of("--seed", Long.toString(options.seed())));
        options.limits().asForm().forEach((name, value) -> command.addAll(List.of("--" + name, value)));
        if (!options.keepsBytes()) {
            command.add("--discard");
        }
        if (certificate != null) {
            command.addAll(List.of("--key-store", certificate.keyStore().toString()));
            command.addAll(List.of("--key-store-password", certificate.password()));
        }
        return command;
    }

    /** The folder or jar of these classes: the simulator needs nothing else but the JDK. */
    private static String classes() {
        try {
            return Path.of(SimulatorMain.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static URI awaitListening(Process process, Path folder) throws IOException, InterruptedException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread.ofVirtual().name("simulator-output").start(() -> {
            try {
                line.complete(String.valueOf(out.readLine()));
            } catch (IOException broken) {
                line.completeExceptionally(broken);
            }
        });
        try {
            String said = line.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (said.startsWith(SimulatorMain.LISTENING)) {
                return URI.create(said.substring(SimulatorMain.LISTENING.length()));
            }
            throw new IOException("the simulator did not start: " + errorsIn(folder));
        } catch (ExecutionException | TimeoutException failed) {
            throw new IOException("the simulator did not start: " + errorsIn(folder), failed);
        }
    }

    private static String errorsIn(Path folder) throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    /** The account's address. */
    public URI endpoint() {
        return address.resolve("/" + ACCOUNT);
    }

    public int port() {
        return address.getPort();
    }

    /** The certificate to trust, in PEM. */
    public Path certificate() {
        if (certificate == null) {
            throw new IllegalStateException("this one speaks http");
        }
        return certificate.pem();
    }

    /** The process, for measuring what it costs. */
    public long processId() {
        return process.pid();
    }

    /** Creates an empty container that no other test knows, and gives its name. */
    public String newContainer() throws IOException {
        String name = "test-" + containers.incrementAndGet();
        ask("PUT", "/" + ACCOUNT + "/" + name + "?restype=container", "");
        return name;
    }

    /** The name of a container that does not exist, and never will. */
    public String missingContainer() {
        return "missing-" + containers.incrementAndGet();
    }

    /**
     * Declares blobs that take no memory; their bytes are {@link SyntheticContent}. Makes the container if there is none.
     *
     * @param names of one blob, or with a number in it: {@code data/%06d.bin}, counted from 0
     */
    public void declare(String container, String names, long count, long sizeBytes) throws IOException {
        ask(
                "POST",
                ControlRequests.PATH + "blobs",
                form(Map.of(
                        "container",
                        container,
                        "names",
                        names,
                        "count",
                        Long.toString(count),
                        "size",
                        Long.toString(sizeBytes))));
    }

    /** Replaces the limits; what is on its way meets them at its next piece. */
    public void limit(Limits limits) throws IOException {
        ask("POST", ControlRequests.PATH + "limits", form(limits.asForm()));
    }

    /** Adds a rule; of several that fit a request the first one counts. */
    public void fault(FaultRule rule) throws IOException {
        ask("POST", ControlRequests.PATH + "faults", form(rule.asForm()));
    }

    /** Nothing goes wrong from now on. */
    public void clearFaults() throws IOException {
        ask("DELETE", ControlRequests.PATH + "faults", "");
    }

    /** How often a rule was applied to a request that arrived, since rules were last cleared: before its effect shows. */
    public long faultsHappened() throws IOException {
        return Long.parseLong(ask("GET", ControlRequests.PATH + "happened", "").strip());
    }

    public Counts counts() throws IOException {
        return Counts.parse(ask("GET", ControlRequests.PATH + "counts", ""));
    }

    public void resetCounts() throws IOException {
        ask("DELETE", ControlRequests.PATH + "counts", "");
    }

    private String ask(String method, String path, String body) throws IOException {
        try {
            return control.ask(method, path, body);
        } catch (IOException failed) {
            throw new IOException(failed.getMessage() + "; the simulator said: " + errorsIn(folder), failed);
        }
    }

    private static String form(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Ends the process. If it had failed by itself, or complained, that is thrown. */
    @Override
    public void close() throws IOException {
        boolean endedItself = !process.isAlive();
        stop(process);
        String errors = errorsIn(folder);
        deleteTree(folder);
        if (endedItself || !errors.isBlank()) {
            throw new IOException("the simulator failed: " + errors);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
