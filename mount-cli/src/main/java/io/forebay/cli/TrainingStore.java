package io.forebay.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of an Azure account as a {@link Training} needs, on the loopback interface: a container with one blob
 * {@code known}. It agrees to every change and remembers none.
 */
final class TrainingStore implements AutoCloseable {
    static final String ACCOUNT = "training";
    static final String CONTAINER = "train";

    /** Any bytes in Base64: requests are signed with it, and nobody checks. */
    static final String KEY = "dHJhaW5pbmc=";

    private static final byte[] CONTENT = "known\n".getBytes(StandardCharsets.UTF_8);
    private static final String DATE = "Sun, 22 Nov 2026 10:00:00 GMT";
    private static final String LIST = """
            <?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="train"><Blobs><Blob><Name>known\
            </Name><Properties><Last-Modified>%s</Last-Modified><Etag>0x1</Etag><Content-Length>%d</Content-Length>\
            <Content-Type>text/plain</Content-Type><BlobType>BlockBlob</BlobType></Properties><Metadata/></Blob></Blobs>\
            <NextMarker/></EnumerationResults>""".formatted(DATE, CONTENT.length);
    private static final String NOT_FOUND = """
            <?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code><Message>none</Message></Error>""";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private TrainingStore(HttpServer server) {
        this.server = server;
    }

    static TrainingStore start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TrainingStore store = new TrainingStore(server);
        server.setExecutor(store.threads);
        server.createContext("/", TrainingStore::answer);
        server.start();
        return store;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + ACCOUNT;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Headers headers = exchange.getResponseHeaders();
            headers.set("x-ms-request-id", "1");
            headers.set("x-ms-version", "2025-01-05");
            String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
            boolean known = exchange.getRequestURI().getPath().endsWith("/known");
            boolean asked = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            if (query.contains("comp=list")) {
                xml(exchange, 200, LIST);
            } else if (asked && known) {
                content(exchange);
            } else if (asked) {
                headers.set("x-ms-error-code", "BlobNotFound");
                xml(exchange, 404, NOT_FOUND);
            } else {
                version(headers);
                exchange.sendResponseHeaders(exchange.getRequestMethod().equals("DELETE") ? 202 : 201, -1);
            }
        }
    }

    private static void version(Headers headers) {
        headers.set("ETag", "\"0x1\"");
        headers.set("Last-Modified", DATE);
    }

    private static void content(HttpExchange exchange) throws IOException {
        version(exchange.getResponseHeaders());
        exchange.getResponseHeaders().set("x-ms-blob-type", "BlockBlob");
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        boolean ranged = exchange.getRequestHeaders().containsKey("x-ms-range");
        if (ranged) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes 0-" + (CONTENT.length - 1) + "/" + CONTENT.length);
        }
        send(exchange, ranged ? 206 : 200, CONTENT);
    }

    private static void xml(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
