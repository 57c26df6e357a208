package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The simulator of testkit as a process of its own: Blob storage on the loopback interface, which can be made slow, and
 * counts what it is asked. It ends when it is closed, and in any case with this process.
 */
final class SimulatedStore implements AutoCloseable {
    static final String ACCOUNT = "simulated";
    /** To sign with; the simulator looks at no signature. */
    static final String KEY = "c2ltdWxhdGVkLWFjY291bnQta2V5LXRoYXQtb3BlbnMtbm90aGluZw==";

    private static final Path CLASSES = Path.of("testkit", "target", "classes");
    private static final String MAIN = "io.forebay.testkit.sim.SimulatorMain";
    private static final String LISTENING = "listening on ";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Two gibibytes: over https its compiler is done after the first. */
    private static final int WARM_UP_ROUNDS = 2;

    private final Process process;
    private final String address;
    private final Optional<Certificate> certificate;

    private SimulatedStore(Process process, String address, Optional<Certificate> certificate) {
        this.process = process;
        this.address = address;
        this.certificate = certificate;
    }

    /** How it is spoken to. */
    enum Wire {
        HTTP,
        /** With a certificate made for it, which nobody trusts who is not told to. */
        HTTPS
    }

    /** How far away it seems. */
    enum Distance {
        FREE("no limits", 0, 0),
        FAR("20 ms and 60 MB/s a connection", 20, 60_000_000);

        private final String text;
        private final int latencyMillis;
        private final int connectionBytesPerSecond;

        Distance(String text, int latencyMillis, int connectionBytesPerSecond) {
            this.text = text;
            this.latencyMillis = latencyMillis;
            this.connectionBytesPerSecond = connectionBytesPerSecond;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Starts one that is empty, and returns when it answers. */
    static SimulatedStore start(Workspace workspace, Wire wire) throws IOException {
        return start(workspace, wire, List.of());
    }

    /** One that keeps of what is written only how much it was. */
    static SimulatedStore discarding(Workspace workspace) throws IOException {
        return start(workspace, Wire.HTTP, List.of("--discard"));
    }

    private static SimulatedStore start(Workspace workspace, Wire wire, List<String> options) throws IOException {
        Path home = workspace.freshFolder("simulator");
        Optional<Certificate> certificate =
                wire == Wire.HTTPS ? Optional.of(Certificate.create(home)) : Optional.empty();
        Path output = home.resolve("stdout");
        // Its standard input is a pipe from here: it ends when that does.
        List<String> command = command(certificate);
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(home.resolve("stderr").toFile());
        builder.environment().putAll(workspace.environment());
        Process process = builder.start();
        try {
            Waiting.until(
                    START_LIMIT,
                    "the simulator does not answer",
                    () -> !process.isAlive() || said(output).endsWith("\n"));
            if (!process.isAlive()) {
                throw new IOException("the simulator did not start: " + said(home.resolve("stderr")));
            }
            return new SimulatedStore(process, said(output).strip().substring(LISTENING.length()), certificate);
        } catch (IOException failure) {
            process.destroyForcibly();
            throw failure;
        }
    }

    private static List<String> command(Optional<Certificate> certificate) {
        List<String> words = new ArrayList<>(List.of(Command.ofJdk("java")));
        // What it keeps is small: the smallest collector does.
        words.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-cp", CLASSES.toString(), MAIN, "--until-stdin-ends"));
        certificate.ifPresent(made -> words.addAll(
                List.of("--key-store", made.keyStore().toString(), "--key-store-password", Certificate.PASSWORD)));
        return words;
    }

    private static String said(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    /** The account's address. */
    String endpoint() {
        return address + "/" + ACCOUNT;
    }

    String url(String container, String blob) {
        return endpoint() + "/" + container + "/" + blob;
    }

    /** The certificate to trust, in PEM, where it speaks https. */
    Optional<Path> certificate() {
        return certificate.map(Certificate::pem);
    }

    /** Declares blobs whose bytes take no memory. Names of several have their number in them: {@code f%06d}. */
    void declare(String container, String names, int count, long bytes) throws IOException {
        control(
                "POST",
                "blobs",
                "container=" + container + "&names=" + names.replace("%", "%25") + "&count=" + count + "&size="
                        + bytes);
    }

    /** Makes a container for what will be written. */
    void create(String container) throws IOException {
        curl(List.of("-X", "PUT", endpoint() + "/" + container + "?restype=container"));
    }

    void move(Distance distance) throws IOException {
        control(
                "POST",
                "limits",
                "latency-ms=" + distance.latencyMillis + "&connection-bytes-per-second="
                        + distance.connectionBytesPerSecond);
    }

    void resetCounts() throws IOException {
        control("DELETE", "counts", "");
    }

    /** What was asked since they were reset. */
    Counts counts() throws IOException {
        long requests = 0;
        long fetchedBytes = 0;
        long sentBytes = 0;
        long commits = 0;
        for (String line : control("GET", "counts", "").split("\n", -1)) {
            long number = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            if (line.startsWith("requests ")) {
                requests += number;
                commits += line.startsWith("requests put-blob ") || line.startsWith("requests put-block-list ")
                        ? number
                        : 0;
            } else if (line.startsWith("body-bytes get-blob ")) {
                fetchedBytes += number;
            } else if (line.startsWith("received-bytes ")) {
                sentBytes += number;
            }
        }
        return new Counts(requests, fetchedBytes, sentBytes, commits);
    }

    /**
     * @param requests of every kind, whatever became of them
     * @param fetchedBytes of blobs, that were sent
     * @param sentBytes that it received, heads of requests included
     * @param commits requests that made a blob: the last ones of an upload
     */
    record Counts(long requests, long fetchedBytes, long sentBytes, long commits) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    private String control(String method, String what, String form) throws IOException {
        List<String> words = new ArrayList<>(List.of("-X", method));
        if (!form.isEmpty()) {
            words.addAll(List.of("-d", form));
        }
        words.add(address + "/$sim/" + what);
        return curl(words);
    }

    /** Sends a blob to nobody, so that what is measured is not how its Java becomes fast: whoever came first would pay. */
    void warmUp(String container, String blob) throws IOException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            curl(List.of("-o", "/dev/null", url(container, blob)));
        }
    }

    /** What curl prints that is sent here. */
    String curl(List<String> words) throws IOException {
        return Command.run(curlCommand(words).toArray(String[]::new));
    }

    List<String> curlCommand(List<String> words) {
        List<String> command = new ArrayList<>(List.of("curl", "-sSf"));
        certificate().ifPresent(pem -> command.addAll(List.of("--cacert", pem.toString())));
        command.addAll(words);
        return command;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Workspace.awaitEnd(process.toHandle());
    }
}
