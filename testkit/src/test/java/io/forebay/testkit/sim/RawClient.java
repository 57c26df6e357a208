package io.forebay.testkit.sim;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** HTTP written and read by hand over one connection, so that a test sees exactly what comes. */
final class RawClient implements Closeable {
    private static final int LIMIT_MILLIS = 30_000;

    /** @param headers by names in lower case */
    record Head(int status, Map<String, String> headers) {
        long length() {
            return Long.parseLong(headers.getOrDefault("content-length", "0"));
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawClient(Simulator simulator) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port());
        socket.setSoTimeout(LIMIT_MILLIS);
        in = socket.getInputStream();
    }

    static String path(String container, String blob) {
        return "/" + Simulator.ACCOUNT + "/" + container + "/" + blob;
    }

    /** Sends a request without reading anything. */
    void send(String method, String path, String body, String... headerLines) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: simulator\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        if (content.length > 0 || method.equals("PUT")) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        write(head + "\r\n" + body);
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    Head readHead() throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(status.split(" ")[1]), headers);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** Reads up to so many bytes; fewer if the connection ends. */
    byte[] read(long most) throws IOException {
        return in.readNBytes(Math.toIntExact(most));
    }

    /** Sends a request and reads the head of the answer, and throws its body away. */
    Head ask(String method, String path, String body, String... headerLines) throws IOException {
        send(method, path, body, headerLines);
        Head head = readHead();
        if (!method.equals("HEAD")) {
            in.skipNBytes(head.length());
        }
        return head;
    }

    /** Sends a GET and reads the whole body. */
    byte[] get(String path, String... headerLines) throws IOException {
        send("GET", path, "", headerLines);
        return read(readHead().length());
    }

    String text(String path) throws IOException {
        return new String(get(path), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
