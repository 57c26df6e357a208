package io.forebay.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the store takes: blocks of a local file, sent over blocking sockets by a process that does nothing else. It is what
 * an upload through the mount is compared with.
 */
public final class PutLoop {
    private static final int CONNECTIONS = 16;
    private static final long BLOCK_BYTES = 8L << 20;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final URI url;
    private final FileChannel file;
    private final long bytes;
    private final AtomicLong next = new AtomicLong();

    private PutLoop(URI url, FileChannel file, long bytes) {
        this.url = url;
        this.file = file;
        this.bytes = bytes;
    }

    /** Sends a file, in a process of its own; megabytes a second. */
    static double inProcess(String url, Path file) throws IOException {
        return Double.parseDouble(Command.run(
                Command.ofJdk("java"),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                PutLoop.class.getName(),
                url,
                file.toString()));
    }

    /** Prints megabytes a second. */
    public static void main(String... words) throws IOException, InterruptedException, ExecutionException {
        try (FileChannel file = FileChannel.open(Path.of(words[1]), StandardOpenOption.READ)) {
            long bytes = file.size();
            long startNanos = System.nanoTime();
            new PutLoop(URI.create(words[0]), file, bytes).run();
            System.out.println(bytes / 1e6 / ((System.nanoTime() - startNanos) / 1e9));
        }
    }

    private void run() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(threads.submit(() -> {
                    sendBlocks();
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void sendBlocks() throws IOException {
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()))) {
            long from;
            while ((from = next.getAndAdd(BLOCK_BYTES)) < bytes) {
                send(socket, from, Math.min(BLOCK_BYTES, bytes - from));
            }
        }
    }

    private void send(SocketChannel socket, long from, long length) throws IOException {
        String id = Base64.getEncoder()
                .encodeToString(String.format(Locale.ROOT, "%016x", from).getBytes(StandardCharsets.US_ASCII))
                .replace("=", "%3D");
        String head = "PUT " + url.getRawPath() + "?comp=block&blockid=" + id + " HTTP/1.1\r\nHost: "
                + url.getAuthority() + "\r\nContent-Length: " + length + "\r\nx-ms-version: 2021-12-02\r\n\r\n";
        socket.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        for (long sent = 0; sent < length; ) {
            sent += file.transferTo(from + sent, length - sent, socket);
        }
        readAnswer(socket);
    }

    /** It has no body. */
    private static void readAnswer(SocketChannel socket) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(4096);
        String text;
        do {
            if (socket.read(answer) < 0) {
                throw new EOFException("the store closed the connection");
            }
            text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        } while (!text.contains(END_OF_HEAD));
        if (!text.startsWith("HTTP/1.1 201")) {
            throw new IOException(
                    "the store answered " + text.lines().findFirst().orElse(""));
        }
    }
}
