package io.forebay.testkit.azurite;

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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A program that measures both data planes: ranges of 8 MiB from a server of its own, in a process of its own, into one
 * file. Its arguments: a folder for the file, MiB in all, ranges at a time; {@code serve} makes it the server.
 */
final class PlaneTrial {
    private static final int RANGE_BYTES = 8 << 20;
    private static final int ROUNDS = 5;

    private PlaneTrial() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve(arguments.length > 1 ? Path.of(arguments[1]) : null);
            return;
        }
        Path folder = Path.of(arguments[0]);
        int ranges = Integer.parseInt(arguments[1]) / (RANGE_BYTES >> 20);
        int lanes = Integer.parseInt(arguments[2]);
        SelfSignedCertificate certificate = SelfSignedCertificate.create(Files.createTempDirectory(folder, "trial"));
        for (boolean encrypted : new boolean[] {false, true}) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    PlaneTrial.class.getName(),
                    "serve"));
            if (encrypted) {
                command.add(certificate.keyStore().toString());
            }
            Process server = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
                URI endpoint = URI.create((encrypted ? "https" : "http") + "://127.0.0.1:" + said.readLine() + "/a");
                for (int round = 0; round < ROUNDS; round++) {
                    for (AzureDataPlane plane : AzureDataPlane.values()) {
                        AzureStoreSettings settings = AzureStoreSettings.of(
                                        endpoint, "a", "container", new AzureCredential.SharedKey("a", Azurite.KEY))
                                .withCaFile(certificate.pem())
                                .withDataPlane(plane);
                        measure((encrypted ? "https " : "http ") + plane, settings, folder, ranges, lanes);
                    }
                }
            } finally {
                server.destroy();
                server.waitFor();
            }
        }
    }

    private static void measure(String what, AzureStoreSettings settings, Path folder, int ranges, int lanes)
            throws Exception {
        Path file = Files.createTempFile(folder, "trial", ".bin");
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (BlobStore store = new AzureBlobStore(settings);
                FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long beganNanos = System.nanoTime();
            long beganCpuNanos = machine.getProcessCpuTime();
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> running = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                running.add(threads.submit(() -> {
                    for (int index = next.getAndIncrement(); index < ranges; index = next.getAndIncrement()) {
                        fetch(store, out, index);
                    }
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            double mebibytes = ranges * (double) (RANGE_BYTES >> 20);
            double seconds = (System.nanoTime() - beganNanos) / 1e9;
            double cpuSeconds = (machine.getProcessCpuTime() - beganCpuNanos) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%s MB/s=%.0f cpu-s/GiB=%.2f%n",
                    what,
                    mebibytes * 1.048576 / seconds,
                    cpuSeconds * 1024 / mebibytes);
        } finally {
            Files.delete(file);
        }
    }

    private static void fetch(BlobStore store, FileChannel out, int index) throws IOException {
        long offset = (long) index * RANGE_BYTES;
        long[] at = {offset};
        store.read(
                "b",
                new ByteRange(offset, RANGE_BYTES),
                Precondition.none(),
                (ByteBuffer piece) -> {
                    while (piece.hasRemaining()) {
                        at[0] += out.write(piece, at[0]);
                    }
                },
                Deadline.after(Duration.ofMinutes(1), Clock.system()));
    }

    private static void serve(@Nullable Path keyStore) throws Exception {
        try (ServerSocket listening = keyStore == null
                ? new ServerSocket(0, 50, InetAddress.getLoopbackAddress())
                : context(keyStore)
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(listening.getLocalPort());
            while (true) {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        }
    }

    private static SSLContext context(Path keyStore) throws Exception {
        char[] password = "only-for-tests".toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keyStore.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void answer(Socket socket) {
        byte[] piece = new byte[1 << 20];
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("x-ms-range:")) {
                    String range = line.substring(line.indexOf('=') + 1);
                    String head = "HTTP/1.1 206 Partial Content\r\nETag: \"0x1\"\r\nContent-Length: " + RANGE_BYTES
                            + "\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Range: bytes " + range
                            + "/1099511627776\r\n\r\n";
                    while (!line.isEmpty()) {
                        line = in.readLine();
                    }
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    for (int sent = 0; sent < RANGE_BYTES; sent += piece.length) {
                        out.write(piece);
                    }
                }
            }
        } catch (IOException clientIsGone) {
            // One round is over.
        }
    }
}
