package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the metadata of a blob carries extended attributes. Azure takes names of C# identifiers only, and no difference of
 * case: a name is written in hexadecimal behind {@code xattr_}. Values travel as HTTP headers: {@code b} and Base64.
 */
final class UserAttributes {
    /** The one namespace that is kept. */
    static final String NAMESPACE = "user.";

    /** What Azure keeps of metadata for a blob, names and values together. */
    static final int MAX_METADATA_BYTES = 8 << 10;

    /** What mode, owner, time and flags take of it. */
    private static final int RESERVED_BYTES = 256;

    private static final String KEY_PREFIX = "xattr_";
    private static final String VALUE_PREFIX = "b";

    private UserAttributes() {}

    static Optional<byte[]> get(Metadata metadata, String name) throws ForebayException {
        return metadata.get(key(name)).flatMap(UserAttributes::value);
    }

    static List<String> names(Metadata metadata) {
        List<String> names = new ArrayList<>();
        metadata.asMap().keySet().forEach(key -> name(key).ifPresent(names::add));
        return names;
    }

    /** @throws ForebayException.NoSpace if a blob could not carry it */
    static Metadata with(Metadata metadata, String name, byte[] value) throws ForebayException {
        Metadata changed = metadata.with(
                key(name),
                VALUE_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(value));
        long bytes = RESERVED_BYTES;
        for (Map.Entry<String, String> pair : changed.asMap().entrySet()) {
            bytes += pair.getKey().length() + pair.getValue().length();
        }
        if (bytes > MAX_METADATA_BYTES) {
            throw new ForebayException.NoSpace("attribute '" + name + "' does not fit: a blob carries at most "
                    + MAX_METADATA_BYTES + " bytes of metadata");
        }
        return changed;
    }

    static Metadata without(Metadata metadata, String name) throws ForebayException {
        Map<String, String> pairs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        pairs.putAll(metadata.asMap());
        pairs.remove(key(name));
        return Metadata.of(pairs);
    }

    private static String key(String name) throws ForebayException {
        if (!name.startsWith(NAMESPACE) || name.length() == NAMESPACE.length()) {
            throw new ForebayException.Unsupported("attribute '" + name + "' is not of the namespace 'user'");
        }
        byte[] own = name.substring(NAMESPACE.length()).getBytes(StandardCharsets.UTF_8);
        return KEY_PREFIX + HexFormat.of().formatHex(own);
    }

    private static Optional<String> name(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        if (!lower.startsWith(KEY_PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] own = HexFormat.of().parseHex(lower.substring(KEY_PREFIX.length()));
            return Optional.of(NAMESPACE + new String(own, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> value(String text) {
        try {
            return text.startsWith(VALUE_PREFIX)
                    ? Optional.of(Base64.getUrlDecoder().decode(text.substring(VALUE_PREFIX.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }
}
