package io.forebay.blob;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metadata of a blob: names to values, immutable. Names are compared without regard to case, because HTTP headers
 * carry them and every store, proxy and SDK on the way may change it; values are kept as they are.
 */
public final class Metadata {
    public static final Metadata EMPTY = new Metadata(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));

    private final SortedMap<String, String> pairs;

    private Metadata(SortedMap<String, String> pairs) {
        this.pairs = pairs;
    }

    public static Metadata of(Map<String, String> pairs) {
        TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(pairs);
        return new Metadata(sorted);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(pairs.get(name));
    }

    /** Whether {@code name} is present with the value {@code true}, in any case, as flags of Blob clients are written. */
    public boolean isTrue(String name) {
        return "true".equalsIgnoreCase(pairs.get(name));
    }

    /** These pairs with one added or replaced. */
    public Metadata with(String name, String value) {
        TreeMap<String, String> changed = new TreeMap<>(pairs);
        changed.remove(name);
        changed.put(name, value);
        return new Metadata(changed);
    }

    /** The pairs, sorted by name. */
    public SortedMap<String, String> asMap() {
        return Collections.unmodifiableSortedMap(pairs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metadata that && pairs.equals(that.pairs);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            hash += pair.getKey().toLowerCase(Locale.ROOT).hashCode()
                    ^ pair.getValue().hashCode();
        }
        return hash;
    }

    @Override
    public String toString() {
        return pairs.toString();
    }
}
