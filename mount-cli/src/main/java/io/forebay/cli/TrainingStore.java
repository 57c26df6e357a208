package io.forebay.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * As much of an Azure account as a {@link Training} needs, on the loopback interface: a container with one blob
 * {@code known}, one {@code streamed}, and two folders of small ones. It agrees to every change and remembers none. It runs
 * in a process of its own, since nothing that a server needs is to be kept for mounts.
 */
final class TrainingStore {
    static final String ACCOUNT = "training";
    static final String CONTAINER = "train";

    /** Any bytes in Base64: requests are signed with it, and nobody checks. */
    static final String KEY = "dHJhaW5pbmc=";

    /** In each of the folders {@code listed} and {@code named}: {@code 000} and so on. */
    static final int SMALL_FILES = 500;

    private static final int KNOWN_BYTES = 6;
    private static final int SMALL_BYTES = 100_000;
    /** Many fetches of the largest size, so that what moves them is known for what is called most. */
    private static final int STREAMED_BYTES = 256 << 20;

    private static final Pattern SMALL_NAME = Pattern.compile(".*/(?:listed|named)/\\d{3}");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    /** All content is zeros, sent in pieces of this. */
    private static final byte[] ZEROS = new byte[256 << 10];

    private static final String DATE = "Sun, 22 Nov 2026 10:00:00 GMT";
    private static final String NOT_FOUND = """
            <?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code><Message>none</Message></Error>""";

    private TrainingStore() {}

    /**
     * Answers until its standard input ends, and prints where: by https if {@code args} name a key store.
     *
     * @throws GeneralSecurityException if the key in it cannot be used
     */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        boolean encrypted = args.length > 0;
        HttpServer server = encrypted ? HttpsServer.create(anyPort, 0) : HttpServer.create(anyPort, 0);
        if (server instanceof HttpsServer https) {
            https.setHttpsConfigurator(new HttpsConfigurator(TrainingCertificate.serverContext(Path.of(args[0]))));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", TrainingStore::answer);
            server.start();
            System.out.println((encrypted ? "https" : "http") + "://127.0.0.1:"
                    + server.getAddress().getPort() + "/" + ACCOUNT);
            System.in.transferTo(OutputStream.nullOutputStream());
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Headers headers = exchange.getResponseHeaders();
            headers.set("x-ms-request-id", "1");
            headers.set("x-ms-version", "2025-01-05");
            String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
            String path = exchange.getRequestURI().getPath();
            int length = lengthOf(path);
            boolean asked = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            if (query.contains("comp=list")) {
                xml(exchange, 200, listing(listed(query)));
            } else if (asked && length > 0) {
                content(exchange, length);
            } else if (asked) {
                headers.set("x-ms-error-code", "BlobNotFound");
                xml(exchange, 404, NOT_FOUND);
            } else {
                version(headers);
                exchange.sendResponseHeaders(exchange.getRequestMethod().equals("DELETE") ? 202 : 201, -1);
            }
        }
    }

    /** 0 for what is not there. */
    private static int lengthOf(String path) {
        if (SMALL_NAME.matcher(path).matches()) {
            return SMALL_BYTES;
        }
        if (path.endsWith("/streamed")) {
            return STREAMED_BYTES;
        }
        return path.endsWith("/known") ? KNOWN_BYTES : 0;
    }

    private static void version(Headers headers) {
        headers.set("ETag", "\"0x1\"");
        headers.set("Last-Modified", DATE);
    }

    private static String listed(String query) {
        for (String folder : List.of("listed/", "named/")) {
            if (query.contains("prefix=" + folder)) {
                return IntStream.range(0, SMALL_FILES)
                        .mapToObj(number -> blob(folder + String.format(Locale.ROOT, "%03d", number), SMALL_BYTES))
                        .collect(Collectors.joining());
            }
        }
        return blob("known", KNOWN_BYTES) + blob("streamed", STREAMED_BYTES);
    }

    private static String blob(String name, int length) {
        return """
                <Blob><Name>%s</Name><Properties><Last-Modified>%s</Last-Modified><Etag>0x1</Etag>\
                <Content-Length>%d</Content-Length><Content-Type>text/plain</Content-Type><BlobType>BlockBlob</BlobType>\
                </Properties><Metadata/></Blob>""".formatted(name, DATE, length);
    }

    private static String listing(String blobs) {
        return """
                <?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="train"><Blobs>%s</Blobs>\
                <NextMarker/></EnumerationResults>""".formatted(blobs);
    }

    private static void content(HttpExchange exchange, int length) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        version(headers);
        headers.set("x-ms-blob-type", "BlockBlob");
        headers.set("Content-Type", "text/plain");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        Matcher range = RANGE.matcher(
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("x-ms-range"), ""));
        int from = 0;
        int to = length;
        if (range.matches()) {
            from = Integer.parseInt(range.group(1));
            to = Math.min(length, Integer.parseInt(range.group(2)) + 1);
            headers.set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + length);
        }
        exchange.sendResponseHeaders(range.matches() ? 206 : 200, to - from);
        for (int at = from; at < to; at += ZEROS.length) {
            exchange.getResponseBody().write(ZEROS, 0, Math.min(ZEROS.length, to - at));
        }
    }

    private static void xml(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
