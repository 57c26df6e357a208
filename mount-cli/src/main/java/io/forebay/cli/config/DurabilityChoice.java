package io.forebay.cli.config;

import io.forebay.fs.Durability;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was asked for about where changes are safe when close(2) and fsync(2) return.
 *
 * @param usual of every file but those below
 * @param byPrefix of files whose path from the mount point begins so
 */
public record DurabilityChoice(Durability usual, Map<String, Durability> byPrefix) {
    public DurabilityChoice {
        byPrefix = Map.copyOf(byPrefix);
    }

    /** Reads {@code blob} or {@code local}. */
    static Durability.Level level(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "blob" -> Durability.Level.BLOB;
            case "local" -> Durability.Level.LOCAL;
            default -> throw new IllegalArgumentException("'" + text + "' is neither blob nor local");
        };
    }

    /** Reads lines of {@code PREFIX:LEVEL} or {@code PREFIX:CLOSE,FSYNC}. */
    static Map<String, Durability> byPrefix(String text) {
        Map<String, Durability> all = new LinkedHashMap<>();
        for (String line : text.split(ValueParsers.BETWEEN_PATHS, -1)) {
            int colon = line.lastIndexOf(':');
            String prefix = line.substring(0, Math.max(0, colon)).replaceFirst("^/+", "");
            if (prefix.isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + line
                                + "' has no prefix; write PREFIX:LEVEL, for example scratch/:local, or --write-back for all files");
            }
            if (all.put(prefix, durability(line.substring(colon + 1))) != null) {
                throw new IllegalArgumentException("'" + prefix + "' is named twice; leave one of them out");
            }
        }
        return all;
    }

    private static Durability durability(String text) {
        String[] levels = text.split(",", -1);
        if (levels.length > 2) {
            throw new IllegalArgumentException(
                    "'" + text + "' is more than a level for close and one for fsync; write for example local,blob");
        }
        return new Durability(level(levels[0]), level(levels[levels.length - 1]));
    }
}
