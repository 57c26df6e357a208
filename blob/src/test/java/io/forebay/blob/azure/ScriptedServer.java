package io.forebay.blob.azure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on the loopback interface that answers each request as the test says, however wrong. */
final class ScriptedServer implements AutoCloseable {
    /** What is done with one request; the connection stays open afterwards unless it was closed. */
    interface Answer {
        void to(Exchange exchange) throws IOException, InterruptedException;
    }

    /** One request, read whole, and the connection it came on. */
    static final class Exchange {
        private final Socket socket;
        private final List<String> head;

        Exchange(Socket socket, List<String> head) {
            this.socket = socket;
            this.head = head;
        }

        /** A header of the request, or nothing. */
        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("");
        }

        /** Sends a status line, headers and the blank line, joined as HTTP wants them. */
        void send(String... lines) throws IOException {
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] body) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(body);
            out.flush();
        }

        /** Ends the connection with a reset, not a polite end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        void close() throws IOException {
            socket.close();
        }

        /** Says nothing until the client goes away. */
        void hangUntilTheClientGoesAway() throws IOException {
            int ignored = socket.getInputStream().read();
            assert ignored < 0 : "the client sent more";
        }
    }

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch clientGone = new CountDownLatch(1);

    ScriptedServer(Answer... answers) throws IOException {
        script.addAll(List.of(answers));
        Thread.ofVirtual().name("scripted-server").start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/account");
    }

    /** The first lines of all requests so far. */
    List<String> requests() {
        return requests;
    }

    /** How many connections were made so far. */
    int connections() {
        return connections.get();
    }

    /** Opens when a client broke a connection off. */
    CountDownLatch clientGone() {
        return clientGone;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().name("scripted-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                List<String> head = readHead(in);
                if (head.isEmpty()) {
                    return;
                }
                Exchange exchange = new Exchange(socket, head);
                String length = exchange.header("Content-Length");
                in.skipNBytes(length.isEmpty() ? 0 : Long.parseLong(length));
                requests.add(head.getFirst());
                Answer answer = script.poll();
                if (answer == null) {
                    return;
                }
                answer.to(exchange);
            }
        } catch (SocketException brokenOff) {
            // What most of these scripts end in.
        } catch (IOException broken) {
            requests.add("broken: " + broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            clientGone.countDown();
            open.remove(socket);
        }
    }

    private static List<String> readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return List.of();
            }
            head.append((char) next);
        }
        return head.toString().lines().toList();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
