package io.forebay.testkit.sim;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request without its body.
 *
 * @param method in capitals
 * @param rawPath as it came, with a slash in front
 * @param query decoded, by names in lower case
 * @param headers by names in lower case
 */
record RequestHead(String method, String rawPath, Map<String, String> query, Map<String, String> headers) {
    /** Reads what stands before the empty line of a request. */
    static RequestHead parse(String text) throws IOException {
        String[] lines = text.split("\r?\n");
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
            throw new IOException("not a request: " + lines[0]);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header: " + lines[i]);
            }
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        int mark = first[1].indexOf('?');
        String path = mark < 0 ? first[1] : first[1].substring(0, mark);
        return new RequestHead(first[0], path, form(mark < 0 ? "" : first[1].substring(mark + 1)), headers);
    }

    /** {@code a=b&c=d}, decoded; a name without a value has an empty one. */
    static Map<String, String> form(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                pairs.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return pairs;
    }

    /** A part of a path, where a plus is a plus. */
    static String decodedPath(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    String queryOr(String name, String otherwise) {
        return query.getOrDefault(name, otherwise);
    }

    boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(headers.get("expect"));
    }

    boolean isChunked() {
        return "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
    }

    /** The length of the body, or 0 if none is told. */
    long contentLength() throws IOException {
        String length = headers.get("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException notANumber) {
            throw new IOException("not a length: " + length, notANumber);
        }
    }

    boolean closes() {
        return "close".equalsIgnoreCase(headers.get("connection"));
    }
}
