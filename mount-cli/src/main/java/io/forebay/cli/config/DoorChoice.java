package io.forebay.cli.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which door was asked for. */
public enum DoorChoice {
    /** The kernel door, and where this kernel is too old for it, jnr-fuse. */
    AUTO("auto"),
    /** The door that speaks the kernel's own protocol. */
    KERNEL("kernel"),
    /** The door through libfuse 2. */
    JNR_FUSE("jnr-fuse");

    private final String word;

    DoorChoice(String word) {
        this.word = word;
    }

    /** As it is written. */
    public String word() {
        return word;
    }

    /** @throws IllegalArgumentException if it is none */
    static DoorChoice parse(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(choice -> choice.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is none of "
                        + Arrays.stream(values()).map(DoorChoice::word).collect(Collectors.joining(", "))));
    }
}
