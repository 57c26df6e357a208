package io.forebay.nativetests.ground;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A client of Blob Storage that shares nothing with Forebay: plain HTTP, signed by hand with a shared key. Source: Azure
 * Storage REST, "Authorize with Shared Key".
 */
final class SharedKeyClient {
    private static final String VERSION = "2021-12-02";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final URI endpoint;
    private final String account;
    private final byte[] key;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param endpoint with the account in its path, as emulators have it, and without a slash at its end
     * @param key in base64
     */
    SharedKeyClient(URI endpoint, String account, String key) {
        this.endpoint = endpoint;
        this.account = account;
        this.key = Base64.getDecoder().decode(key);
    }

    byte[] get(String container, String blob) throws IOException, InterruptedException {
        return send("GET", container + "/" + blob, Map.of(), Map.of(), new byte[0], 200)
                .body();
    }

    void put(String container, String blob, byte[] bytes) throws IOException, InterruptedException {
        put(container, blob, bytes, Map.of());
    }

    /** @param headers whose names begin with {@code x-ms-} */
    void put(String container, String blob, byte[] bytes, Map<String, String> headers)
            throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("x-ms-blob-type", "BlockBlob");
        send("PUT", container + "/" + blob, Map.of(), all, bytes, 201);
    }

    /** What a HEAD of a blob is answered, names in lower case. */
    Map<String, String> headers(String container, String blob) throws IOException, InterruptedException {
        return send("HEAD", container + "/" + blob, Map.of(), Map.of(), new byte[0], 200)
                .headers()
                .map()
                .entrySet()
                .stream()
                .collect(
                        Collectors.toMap(header -> header.getKey().toLowerCase(Locale.ROOT), header -> header.getValue()
                                .getFirst()));
    }

    /** What the tags of a blob say, as XML. */
    String tags(String container, String blob) throws IOException, InterruptedException {
        return new String(
                send("GET", container + "/" + blob, Map.of("comp", "tags"), Map.of(), new byte[0], 200)
                        .body(),
                UTF_8);
    }

    /** The metadata of a blob, names in lower case. */
    Map<String, String> metadata(String container, String blob) throws IOException, InterruptedException {
        String prefix = "x-ms-meta-";
        return headers(container, blob).entrySet().stream()
                .filter(header -> header.getKey().startsWith(prefix))
                .collect(Collectors.toMap(header -> header.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    /** The names of all blobs. */
    List<String> list(String container) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        String marker = "";
        do {
            Map<String, String> query = marker.isEmpty()
                    ? Map.of("restype", "container", "comp", "list")
                    : Map.of("restype", "container", "comp", "list", "marker", marker);
            Document page = parsed(
                    send("GET", container, query, Map.of(), new byte[0], 200).body());
            names.addAll(texts(page, "Name"));
            marker = String.join("", texts(page, "NextMarker"));
        } while (!marker.isEmpty());
        return names;
    }

    private static List<String> texts(Document page, String element) {
        NodeList nodes = page.getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static Document parsed(byte[] xml) throws IOException {
        // Azure opens its answers with a byte order mark, which the parser does not like.
        int start = xml.length > 3 && xml[0] == (byte) 0xEF ? 3 : 0;
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml, start, xml.length - start));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("the listing is not XML", e);
        }
    }

    private HttpResponse<byte[]> send(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            int expectedStatus)
            throws IOException, InterruptedException {
        String encodedPath = endpoint.getRawPath() + "/" + encoded(path);
        SortedMap<String, String> sent = new TreeMap<>(headers);
        sent.put("x-ms-date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        sent.put("x-ms-version", VERSION);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        endpoint.getScheme() + "://" + endpoint.getAuthority() + encodedPath + queryOf(query)))
                .timeout(LIMIT)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        sent.forEach(request::header);
        request.header("Authorization", authorization(method, encodedPath, query, sent, body.length));
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != expectedStatus) {
            throw new IOException(method + " " + path + " answered " + response.statusCode() + ": "
                    + new String(response.body(), UTF_8));
        }
        return response;
    }

    private String authorization(
            String method,
            String encodedPath,
            Map<String, String> query,
            SortedMap<String, String> headers,
            int bodyLength) {
        StringBuilder text = new StringBuilder(method).append('\n');
        // Content-Encoding, -Language, -Length, -MD5, -Type, Date, and five conditions and ranges: only one is sent.
        text.append("\n\n").append(bodyLength == 0 ? "" : bodyLength).append("\n\n\n\n\n\n\n\n\n");
        headers.forEach(
                (name, value) -> text.append(name).append(':').append(value).append('\n'));
        text.append('/').append(account).append(encodedPath);
        new TreeMap<>(query)
                .forEach((name, value) ->
                        text.append('\n').append(name).append(':').append(value));
        return "SharedKey " + account + ":" + Base64.getEncoder().encodeToString(hmac(text.toString()));
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String queryOf(Map<String, String> query) {
        return query.isEmpty()
                ? ""
                : "?"
                        + query.entrySet().stream()
                                .map(pair -> pair.getKey() + "=" + encoded(pair.getValue()))
                                .collect(Collectors.joining("&"));
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, UTF_8).replace("+", "%20").replace("%2F", "/");
    }
}
