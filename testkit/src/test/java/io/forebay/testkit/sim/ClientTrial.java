package io.forebay.testkit.sim;

import com.sun.management.OperatingSystemMXBean;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A program that measures what it costs a client to read a blob in ranges of 8 MiB, several at once, from the simulator
 * into a file: our client, the Azure SDK, a loop of bare sockets or TLS engines, and curl. All take turns, in each round.
 * Its arguments: a folder for the file, MiB in all, ranges at a time, rounds; then, if not all, the rows to measure.
 *
 * <pre>
 *   mvn -q -pl testkit -am test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/cp
 *   java -cp testkit/target/test-classes:testkit/target/classes:$(cat /tmp/cp) io.forebay.testkit.sim.ClientTrial /tmp 1024 8 5
 * </pre>
 *
 * <p>BoringSSL is measured where Netty can load it.
 */
final class ClientTrial {
    private static final int RANGE_BYTES = 8 << 20;

    private final Path folder;
    private final int ranges;
    private final int lanes;
    private final Map<String, List<double[]>> measured = new LinkedHashMap<>();

    private ClientTrial(Path folder, int ranges, int lanes) {
        this.folder = folder;
        this.ranges = ranges;
        this.lanes = lanes;
    }

    public static void main(String[] arguments) throws Exception {
        ClientTrial trial = new ClientTrial(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]) / (RANGE_BYTES >> 20),
                Integer.parseInt(arguments[2]));
        int rounds = Integer.parseInt(arguments[3]);
        List<String> rows = List.of(arguments).subList(4, arguments.length);
        try (Simulator plain = Simulator.start();
                Simulator encrypted = Simulator.start(SimulatorOptions.DEFAULT.withEncryption())) {
            plain.declare("train", "b", 1, (long) trial.ranges * RANGE_BYTES);
            encrypted.declare("train", "b", 1, (long) trial.ranges * RANGE_BYTES);
            for (int round = 0; round < rounds; round++) {
                trial.round(plain, encrypted, rows);
                // After each, so that a run that is broken off has said something.
                trial.print();
            }
        }
    }

    private void round(Simulator plain, Simulator encrypted, List<String> rows) throws Exception {
        for (Map.Entry<String, Run> row : rows(plain, encrypted).entrySet()) {
            if (rows.isEmpty() || rows.contains(row.getKey())) {
                measured.computeIfAbsent(row.getKey(), _ -> new ArrayList<>())
                        .add(row.getValue().run());
            }
        }
    }

    /** One measurement: MB/s, and seconds of processor time for a GiB. */
    private interface Run {
        double[] run() throws Exception;
    }

    private Map<String, Run> rows(Simulator plain, Simulator encrypted) {
        Map<String, Run> rows = new LinkedHashMap<>();
        rows.put("http-plane", () -> store(plain, AzureDataPlane.THIN, null));
        rows.put("http-sockets", () -> bare(plain, BareClient.PLAIN, null));
        rows.put("http-curl", () -> curl(plain, null));
        rows.put("http-sdk", () -> store(plain, AzureDataPlane.SDK, null));
        Path certificate = encrypted.certificate();
        rows.put("https-plane", () -> store(encrypted, AzureDataPlane.THIN, certificate));
        for (BareClient client : BareClient.values()) {
            if (client != BareClient.PLAIN && client.isHere()) {
                rows.put("https-" + client.name().toLowerCase(Locale.ROOT), () -> bare(encrypted, client, certificate));
            }
        }
        rows.put("https-curl", () -> curl(encrypted, certificate));
        rows.put("https-sdk", () -> store(encrypted, AzureDataPlane.SDK, certificate));
        return rows;
    }

    private double[] store(Simulator simulator, AzureDataPlane plane, @Nullable Path certificate) throws Exception {
        AzureStoreSettings settings = AzureStoreSettings.of(
                        simulator.endpoint(),
                        Simulator.ACCOUNT,
                        "train",
                        new AzureCredential.SharedKey(Simulator.ACCOUNT, Simulator.KEY))
                .withDataPlane(plane)
                .withCaFile(certificate);
        try (BlobStore store = new AzureBlobStore(settings)) {
            return timed(out -> index -> {
                long[] at = {(long) index * RANGE_BYTES};
                store.read(
                        "b",
                        new ByteRange(at[0], RANGE_BYTES),
                        Precondition.none(),
                        (ByteBuffer piece) -> {
                            while (piece.hasRemaining()) {
                                at[0] += out.write(piece, at[0]);
                            }
                        },
                        Deadline.after(Duration.ofMinutes(1), Clock.system()));
            });
        }
    }

    private double[] bare(Simulator simulator, BareClient client, @Nullable Path certificate) throws Exception {
        String path = "/" + Simulator.ACCOUNT + "/train/b";
        return timed(out -> {
            BareClient.Lane lane = client.connect(simulator.port(), certificate);
            return index -> lane.get(path, (long) index * RANGE_BYTES, RANGE_BYTES, out);
        });
    }

    /** Reads one range. */
    private interface Reader {
        void read(int index) throws IOException;
    }

    /** Makes what one lane reads with. */
    private interface Lanes {
        Reader open(FileChannel out) throws Exception;
    }

    private double[] timed(Lanes kind) throws Exception {
        Path file = Files.createTempFile(folder, "trial", ".bin");
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long beganNanos = System.nanoTime();
            long beganCpuNanos = machine.getProcessCpuTime();
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> running = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                running.add(threads.submit(() -> {
                    Reader reader = kind.open(out);
                    for (int index = next.getAndIncrement(); index < ranges; index = next.getAndIncrement()) {
                        reader.read(index);
                    }
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            return result((System.nanoTime() - beganNanos) / 1e9, (machine.getProcessCpuTime() - beganCpuNanos) / 1e9);
        } finally {
            Files.delete(file);
        }
    }

    private double[] result(double seconds, double cpuSeconds) {
        double bytes = ranges * (double) RANGE_BYTES;
        return new double[] {bytes / 1e6 / seconds, cpuSeconds / (bytes / (1 << 30))};
    }

    /** As many of them as there are lanes, each with a connection of its own that it keeps, and a file. */
    private double[] curl(Simulator simulator, @Nullable Path certificate) throws Exception {
        Path work = Files.createTempDirectory(folder, "curl");
        StringBuilder script = new StringBuilder("TIMEFORMAT='%R %U %S'; time {\n");
        for (int lane = 0; lane < lanes; lane++) {
            StringBuilder config = new StringBuilder();
            for (int index = lane; index < ranges; index += lanes) {
                long offset = (long) index * RANGE_BYTES;
                config.append(config.isEmpty() ? "" : "next\n")
                        .append("silent\nfail\nurl=\"")
                        .append(simulator.endpoint())
                        .append("/train/b\"\n")
                        .append("range=")
                        .append(offset)
                        .append('-')
                        .append(offset + RANGE_BYTES - 1)
                        .append('\n')
                        .append("output=\"")
                        .append(work.resolve("part-" + lane))
                        .append("\"\n")
                        .append(certificate == null ? "" : "cacert=\"" + certificate + "\"\n");
            }
            Path file = Files.writeString(work.resolve("config-" + lane), config);
            script.append("curl -K ").append(file).append(" &\n");
        }
        script.append("wait; }\n");
        Process process = new ProcessBuilder("bash", "-c", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("curl failed: " + said);
        }
        String[] times = said.split(" ");
        try (var files = Files.list(work)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(work);
        return result(Double.parseDouble(times[0]), Double.parseDouble(times[1]) + Double.parseDouble(times[2]));
    }

    private void print() {
        System.out.println("| row | MB/s | best | CPU s/GiB | best |\n|---|---|---|---|---|");
        measured.forEach((row, rounds) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f | %.2f |%n",
                row,
                median(rounds, 0),
                rounds.stream().mapToDouble(round -> round[0]).max().orElseThrow(),
                median(rounds, 1),
                rounds.stream().mapToDouble(round -> round[1]).min().orElseThrow()));
    }

    private static double median(List<double[]> rounds, int column) {
        double[] sorted =
                rounds.stream().mapToDouble(round -> round[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
