package io.forebay.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that Java has to do to get a blob onto the disk: blocking sockets, ranges, one file. It is what a cold read
 * through the mount is compared with, and runs in a process of its own that compiles as it goes, as the mount does.
 */
public final class SocketLoop {
    private static final int CONNECTIONS = 8;
    private static final long RANGE_BYTES = 8L << 20;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final URI url;
    private final long bytes;
    private final FileChannel file;
    private final AtomicLong next = new AtomicLong();

    private SocketLoop(URI url, long bytes, FileChannel file) {
        this.url = url;
        this.bytes = bytes;
        this.file = file;
    }

    /** What one run of it took. */
    record Result(double megabytesPerSecond, double cpuSecondsPerGibibyte) {}

    /** Fetches that many bytes into a new file, in a process of its own. */
    static Result inProcess(String url, long bytes, Path file) throws IOException {
        String printed = Command.run(
                Command.ofJdk("java"),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                SocketLoop.class.getName(),
                url,
                Long.toString(bytes),
                file.toString());
        String[] numbers = printed.split(" ", -1);
        return new Result(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
    }

    /** Prints megabytes a second, and seconds of processor time for a gibibyte. */
    public static void main(String... words) throws IOException, InterruptedException, ExecutionException {
        long bytes = Long.parseLong(words[1]);
        try (FileChannel file =
                FileChannel.open(Path.of(words[2]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long startNanos = System.nanoTime();
            long cpuBefore = cpuNanos();
            new SocketLoop(URI.create(words[0]), bytes, file).run();
            double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            System.out.println(bytes / 1e6 / seconds + " " + cpuSeconds * (1L << 30) / bytes);
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private void run() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(threads.submit(() -> {
                    fetchRanges();
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void fetchRanges() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()))) {
            long from;
            while ((from = next.getAndAdd(RANGE_BYTES)) < bytes) {
                fetch(socket, buffer, from, Math.min(RANGE_BYTES, bytes - from));
            }
        }
    }

    private void fetch(SocketChannel socket, ByteBuffer buffer, long from, long length) throws IOException {
        String head = "GET " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nRange: bytes="
                + from + "-" + (from + length - 1) + "\r\nx-ms-version: 2021-12-02\r\n\r\n";
        socket.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        buffer.clear();
        int bodyAt = readHead(socket, buffer);
        buffer.flip().position(bodyAt);
        long written = 0;
        while (true) {
            while (buffer.hasRemaining()) {
                written += file.write(buffer, from + written);
            }
            if (written == length) {
                return;
            }
            buffer.clear();
            more(socket, buffer);
            buffer.flip();
        }
    }

    /** Where the body begins in the buffer. */
    private static int readHead(SocketChannel socket, ByteBuffer buffer) throws IOException {
        while (true) {
            more(socket, buffer);
            byte[] soFar = new byte[buffer.position()];
            buffer.get(0, soFar);
            int end = new String(soFar, StandardCharsets.ISO_8859_1).indexOf(END_OF_HEAD);
            if (end >= 0) {
                return end + END_OF_HEAD.length();
            }
        }
    }

    private static void more(SocketChannel socket, ByteBuffer buffer) throws IOException {
        if (socket.read(buffer) < 0) {
            throw new EOFException("the store closed the connection");
        }
    }
}
