package io.forebay.blob.azure.plane;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One request, not yet signed.
 *
 * @param method {@code "GET"}, {@code "HEAD"}, {@code "PUT"} or {@code "DELETE"}
 * @param path below the {@link Origin#basePath}, percent-encoded
 * @param query names, in lower case, and values, not encoded
 * @param headers names, in whatever case, and values, without those that depend on the moment
 * @param repeatable whether nobody can tell if it took effect once or twice
 */
public record Request(
        String method,
        String path,
        SortedMap<String, String> query,
        SortedMap<String, String> headers,
        boolean repeatable) {
    private static final String UNRESERVED = "-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    public Request {
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
        TreeMap<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.putAll(headers);
        headers = Collections.unmodifiableSortedMap(own);
    }

    /** The query as a URL has it, without a question mark; empty if there is none. */
    String encodedQuery() {
        StringBuilder encoded = new StringBuilder();
        for (Map.Entry<String, String> each : query.entrySet()) {
            encoded.append(encoded.isEmpty() ? "" : "&")
                    .append(encode(each.getKey()))
                    .append('=')
                    .append(encode(each.getValue()));
        }
        return encoded.toString();
    }

    /**
     * Percent-encodes everything but RFC 3986's unreserved characters. Slashes too, as in a blob's name, so that no
     * server on the way takes {@code a/../b} for a path to be tidied.
     */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(each)) {
                encoded.append((char) each);
            } else {
                encoded.append('%').append(HEX[(each >> 4) & 0xf]).append(HEX[each & 0xf]);
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(byte each) {
        return (each >= 'a' && each <= 'z')
                || (each >= 'A' && each <= 'Z')
                || (each >= '0' && each <= '9')
                || (each > 0 && UNRESERVED.indexOf(each) >= 0);
    }
}
