package io.forebay.cli.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which client asks the store. */
public enum DataPlaneChoice {
    /** Forebay's own. */
    THIN("thin"),
    /** The Azure SDK. */
    SDK("sdk");

    private final String word;

    DataPlaneChoice(String word) {
        this.word = word;
    }

    /** As it is given. */
    public String word() {
        return word;
    }

    /** @throws IllegalArgumentException if it is none */
    static DataPlaneChoice parse(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(choice -> choice.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is none of "
                        + Arrays.stream(values()).map(choice -> choice.word).collect(Collectors.joining(", "))));
    }
}
