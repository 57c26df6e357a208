package io.forebay.blob.azure.plane;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a request says who is asking. Never printed. */
public sealed interface Signing {
    /**
     * With an account's key. Source: Azure Storage REST, "Authorize with Shared Key".
     *
     * @param accountName the account that the key belongs to
     * @param key its bytes
     */
    record SharedKey(String accountName, SecretKeySpec key) implements Signing {
        private static final String ALGORITHM = "HmacSHA256";

        /** What is signed of the headers that are not Azure's own, in this order. */
        private static final List<String> STANDARD_HEADERS = List.of(
                "content-encoding",
                "content-language",
                "content-length",
                "content-md5",
                "content-type",
                "date",
                "if-modified-since",
                "if-match",
                "if-none-match",
                "if-unmodified-since",
                "range");

        /** The order of Azure's own headers: the service compares as a dictionary does, not by code. */
        private static final Comparator<String> DICTIONARY = (one, other) -> {
            int common = Math.min(one.length(), other.length());
            for (int index = 0; index < common; index++) {
                int difference = weight(one.charAt(index)) - weight(other.charAt(index));
                if (difference != 0) {
                    return difference;
                }
            }
            return one.length() - other.length();
        };

        /** A key in base64, as the portal shows it. */
        public static SharedKey of(String accountName, String base64) {
            return new SharedKey(
                    accountName, new SecretKeySpec(Base64.getDecoder().decode(base64), ALGORITHM));
        }

        private static int weight(char character) {
            return switch (character) {
                case '_' -> 0;
                case '-' -> 1;
                default -> character;
            };
        }

        /** The Authorization header. */
        String authorization(Origin origin, Request request, SortedMap<String, String> headers) {
            return "SharedKey " + accountName + ":" + signature(stringToSign(origin, request, headers));
        }

        /** What proves that whoever wrote {@code text} had the key. */
        public String signature(String text) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError("every Java platform has " + ALGORITHM, impossible);
            }
        }

        String stringToSign(Origin origin, Request request, SortedMap<String, String> headers) {
            StringBuilder text = new StringBuilder(512).append(request.method()).append('\n');
            for (String name : STANDARD_HEADERS) {
                String value = headers.getOrDefault(name, "");
                boolean isEmptyBody = name.equals("content-length") && value.equals("0");
                text.append(isEmptyBody ? "" : value).append('\n');
            }
            SortedMap<String, String> own = new TreeMap<>(DICTIONARY);
            headers.tailMap("x-ms-")
                    .headMap("x-ms.")
                    .forEach((name, value) -> own.put(name.toLowerCase(Locale.ROOT), value));
            own.forEach(
                    (name, value) -> text.append(name).append(':').append(value).append('\n'));
            text.append('/').append(accountName).append(origin.basePath()).append(request.path());
            for (Map.Entry<String, String> each : request.query().entrySet()) {
                text.append('\n').append(each.getKey()).append(':').append(each.getValue());
            }
            return text.toString();
        }

        @Override
        public String toString() {
            return "SharedKey[accountName=" + accountName + ", key=***]";
        }
    }

    /**
     * With a token that somebody signed before.
     *
     * @param query as it is appended to a URL
     */
    record Token(String query) implements Signing {
        @Override
        public String toString() {
            return "Token[query=***]";
        }
    }
}
