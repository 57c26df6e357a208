package io.forebay.cli.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of values that options have. */
final class ValueParsers {
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "", Duration.ofSeconds(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    /** No path that a person writes has a line break in it, while commas and colons occur. */
    static final String BETWEEN_PATHS = "\n";

    private ValueParsers() {}

    static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    /** Reads {@code 500ms}, {@code 60s}, {@code 5m}, {@code 1h}; a number alone is seconds, as BlobFuse2 has them. */
    static Duration duration(String text) {
        Matcher written = DurationText.PATTERN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration; write for example 500ms, 60s or 5m");
        }
        Duration unit = UNITS.getOrDefault(written.group(2).toLowerCase(Locale.ROOT), Duration.ZERO);
        return unit.multipliedBy(Long.parseLong(written.group(1)));
    }

    /** Reads {@code 90} or {@code 90%}. */
    static int percent(String text) {
        String number =
                text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
        if (!number.matches("[1-9]\\d?|100")) {
            throw new IllegalArgumentException("'" + text + "' is not a percentage; write a number from 1 to 100");
        }
        return Integer.parseInt(number);
    }

    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException refused) {
            throw new IllegalArgumentException("'" + text + "' cannot be a path", refused);
        }
    }

    /** One path or several, all different. */
    static List<Path> paths(String text) {
        List<Path> paths = Arrays.stream(text.split(BETWEEN_PATHS, -1))
                .map(ValueParsers::path)
                .toList();
        for (Path path : paths) {
            if (path.toString().isEmpty()) {
                throw new IllegalArgumentException("an empty path names no folder");
            }
            if (paths.indexOf(path) != paths.lastIndexOf(path)) {
                throw new IllegalArgumentException("'" + path + "' is named twice; leave one of them out");
            }
        }
        return paths;
    }

    static StoreChoice store(String text) {
        if (text.equals("azure")) {
            return new StoreChoice.Azure();
        }
        String folder = text.startsWith("directory:") ? text.substring("directory:".length()) : "";
        if (folder.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' is not a store; write azure, or directory:PATH");
        }
        return new StoreChoice.Directory(path(folder));
    }

    static String accountName(String text) {
        if (!text.matches("[a-z0-9]{3,24}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be a storage account; such names are 3 to 24 lower-case letters and digits");
        }
        return text;
    }

    /** A container's name; whether it follows Azure's own rules is the store's question. */
    static String containerName(String text) {
        if (text.isEmpty() || text.contains("/") || text.equals(".") || text.equals("..") || text.length() > 63) {
            throw new IllegalArgumentException("'" + text + "' cannot be a container; name one container, not a path");
        }
        return text;
    }

    /** The address of the Blob service; a host alone means https. */
    static URI endpoint(String text) {
        String address = text.contains("://") ? text : "https://" + text;
        try {
            URI uri = new URI(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException notOne) {
            // The sentence below says it; the syntax error names an index that nobody counts.
        }
        throw new IllegalArgumentException(
                "this is not the address of a Blob service; write for example https://account.blob.core.windows.net");
    }

    static Secret accountKey(String text) {
        try {
            if (Base64.getDecoder().decode(text).length > 0) {
                return new Secret(text);
            }
        } catch (IllegalArgumentException notBase64) {
            // The cause would show where in the key the odd character is; that is the key's business.
        }
        throw new IllegalArgumentException("this is not an account key; copy the whole base64 text from the portal");
    }

    /** A SAS token, with or without its question mark. */
    static Secret sasToken(String text) {
        String token = text.startsWith("?") ? text.substring(1) : text;
        if (Arrays.stream(token.split("&")).noneMatch(pair -> pair.startsWith("sig=") && pair.length() > 4)) {
            throw new IllegalArgumentException("this is not a SAS token; it needs a signature (sig=…)");
        }
        return new Secret(token);
    }

    /** One word of a fixed list. */
    static ValueParser<String> oneOf(String... words) {
        List<String> allowed = List.of(words);
        return text -> {
            String word = text.toLowerCase(Locale.ROOT);
            if (!allowed.contains(word)) {
                throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", allowed));
            }
            return word;
        };
    }

    /** Loaded only when a duration is read: a pattern costs start-up time. */
    private static final class DurationText {
        private static final Pattern PATTERN = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|)", Pattern.CASE_INSENSITIVE);
    }
}
