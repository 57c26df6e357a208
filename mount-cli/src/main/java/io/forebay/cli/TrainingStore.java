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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of an Azure account as a {@link Training} needs, on the loopback interface: a container with one blob
 * {@code known}, one {@code streamed}, and two folders of small ones. Of what is written it remembers the length, and whether
 * it is a folder. It runs in a process of its own, since nothing that a server needs is to be kept for mounts.
 */
final class TrainingStore {
    static final String ACCOUNT = "training";
    static final String CONTAINER = "train";

    /** Any bytes in Base64: requests are signed with it, and nobody checks. */
    static final String KEY = "dHJhaW5pbmc=";

    /** In each of the folders {@code listed} and {@code named}: {@code 000} and so on. */
    static final int SMALL_FILES = 500;

    private static final int SMALL_BYTES = 100_000;
    /** Many fetches of the largest size, so that what moves them is known for what is called most. */
    private static final int STREAMED_BYTES = 256 << 20;

    private static final String ROOT = "/" + ACCOUNT + "/" + CONTAINER + "/";
    private static final String FOLDER = "hdi_isfolder";
    private static final String DELIMITER = "/";
    private static final Pattern PREFIX = Pattern.compile("(?:^|&)prefix=([^&]*)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    /** All content is zeros, sent in pieces of this. */
    private static final byte[] ZEROS = new byte[256 << 10];

    private static final String DATE = "Sun, 22 Nov 2026 10:00:00 GMT";
    private static final String NOT_FOUND = """
            <?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code><Message>none</Message></Error>""";

    private final NavigableMap<String, Blob> blobs = new ConcurrentSkipListMap<>();
    /** Bytes of blocks that wait for their list. */
    private final Map<String, Integer> staged = new ConcurrentHashMap<>();

    /** What is remembered of one. */
    private record Blob(int length, boolean isFolder) {}

    private TrainingStore() {
        blobs.put("known", new Blob(6, false));
        blobs.put("streamed", new Blob(STREAMED_BYTES, false));
        for (int number = 0; number < SMALL_FILES; number++) {
            for (String folder : new String[] {"listed", "named"}) {
                blobs.put(String.format(Locale.ROOT, "%s/%03d", folder, number), new Blob(SMALL_BYTES, false));
            }
        }
    }

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
        TrainingStore store = new TrainingStore();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", store::answer);
            server.start();
            System.out.println((encrypted ? "https" : "http") + "://127.0.0.1:"
                    + server.getAddress().getPort() + "/" + ACCOUNT);
            System.in.transferTo(OutputStream.nullOutputStream());
            server.stop(0);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int received = exchange.getRequestBody().readAllBytes().length;
            Headers headers = exchange.getResponseHeaders();
            headers.set("x-ms-request-id", "1");
            headers.set("x-ms-version", "2025-01-05");
            String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
            String name = nameIn(exchange.getRequestURI().getPath());
            Blob blob = blobs.get(name);
            switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> {
                    if (query.contains("comp=list")) {
                        xml(exchange, 200, listing(query));
                    } else if (blob != null) {
                        content(exchange, blob);
                    } else {
                        headers.set("x-ms-error-code", "BlobNotFound");
                        xml(exchange, 404, NOT_FOUND);
                    }
                }
                case "DELETE" -> {
                    blobs.remove(name);
                    exchange.sendResponseHeaders(202, -1);
                }
                default -> {
                    change(exchange, query, name, received);
                    version(headers);
                    exchange.sendResponseHeaders(201, -1);
                }
            }
        }
    }

    private static String nameIn(String path) {
        return path.startsWith(ROOT) ? path.substring(ROOT.length()) : "";
    }

    private void change(HttpExchange exchange, String query, String name, int received) {
        Headers request = exchange.getRequestHeaders();
        String source = request.getFirst("x-ms-copy-source");
        boolean folder = request.containsKey("x-ms-meta-" + FOLDER);
        if (source != null) {
            blobs.put(name, blobs.getOrDefault(nameIn(URI.create(source).getPath()), new Blob(0, false)));
            copied(exchange.getResponseHeaders());
        } else if (query.contains("comp=blocklist")) {
            blobs.put(name, new Blob(Objects.requireNonNullElse(staged.remove(name), 0), false));
        } else if (query.contains("comp=block")) {
            staged.merge(name, received, Integer::sum);
        } else if (!query.contains("comp=")) {
            blobs.put(name, new Blob(received, folder));
        }
    }

    private static void version(Headers headers) {
        headers.set("ETag", "\"0x1\"");
        headers.set("Last-Modified", DATE);
    }

    /** Every copy is done at once, and the latest. */
    private static void copied(Headers headers) {
        headers.set("x-ms-copy-id", "1");
        headers.set("x-ms-copy-status", "success");
    }

    private String listing(String query) {
        Matcher matcher = PREFIX.matcher(query);
        String prefix = matcher.find() ? matcher.group(1) : "";
        StringBuilder entries = new StringBuilder();
        TreeSet<String> folders = new TreeSet<>();
        blobs.tailMap(prefix).forEach((name, blob) -> {
            if (name.startsWith(prefix)) {
                int end = name.indexOf(DELIMITER, prefix.length());
                if (end >= 0) {
                    folders.add(name.substring(0, end + 1));
                } else {
                    entries.append(entry(name, blob));
                }
            }
        });
        folders.forEach(folder -> entries.append("<BlobPrefix><Name>%s</Name></BlobPrefix>".formatted(folder)));
        return """
                <?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="train"><Blobs>%s</Blobs>\
                <NextMarker/></EnumerationResults>""".formatted(entries);
    }

    private static String entry(String name, Blob blob) {
        return """
                <Blob><Name>%s</Name><Properties><Last-Modified>%s</Last-Modified><Etag>0x1</Etag>\
                <Content-Length>%d</Content-Length><Content-Type>text/plain</Content-Type><BlobType>BlockBlob</BlobType>\
                </Properties><Metadata>%s</Metadata></Blob>""".formatted(name, DATE, blob.length(), blob.isFolder() ? "<%1$s>true</%1$s>".formatted(FOLDER) : "");
    }

    private static void content(HttpExchange exchange, Blob blob) throws IOException {
        int length = blob.length();
        Headers headers = exchange.getResponseHeaders();
        version(headers);
        copied(headers);
        headers.set("x-ms-blob-type", "BlockBlob");
        headers.set("Content-Type", "text/plain");
        if (blob.isFolder()) {
            headers.set("x-ms-meta-" + FOLDER, "true");
        }
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
