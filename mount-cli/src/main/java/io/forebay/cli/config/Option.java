package io.forebay.cli.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be configured: its names, how its value is read and what it means.
 *
 * @param key its name in the YAML file; the flag is the same behind two dashes
 * @param environmentVariable the variable that may hold it, or null
 * @param parser reads its text
 * @param defaultText what it is when nobody says anything, or null where the description says it
 * @param placeholder what stands for the value in the help
 * @param form how it may be given
 * @param description one or more sentences for the help and the reference page
 */
public record Option<T>(
        String key,
        @Nullable String environmentVariable,
        ValueParser<T> parser,
        @Nullable String defaultText,
        String placeholder,
        Form form,
        String description) {

    /** How an option may be given. */
    public enum Form {
        /** A flag with a value, and a key in the file. */
        VALUE,
        /** A flag that needs no value, and a key in the file. */
        SWITCH,
        /** The flag {@code -o}, as often as one likes, and a key in the file with a list. */
        LIST,
        /** A flag with a value, as often as one likes, and a key in the file with one value or a list. */
        REPEATED,
        /** A flag only: it says where the file is. */
        FLAG_ONLY,
        /** Never a flag, since every user of a machine can read the arguments of its processes. */
        SECRET
    }

    /** The flag, as it is typed; none for a secret. */
    public Optional<String> flag() {
        return switch (form) {
            case SECRET -> Optional.empty();
            case LIST -> Optional.of("-o");
            case VALUE, REPEATED, SWITCH, FLAG_ONLY -> Optional.of("--" + key);
        };
    }

    /** The key in the YAML file; none for the option that names the file. */
    public Optional<String> yamlKey() {
        return form == Form.FLAG_ONLY ? Optional.empty() : Optional.of(key);
    }

    public Optional<String> environment() {
        return Optional.ofNullable(environmentVariable);
    }

    public Optional<String> defaultValue() {
        return Optional.ofNullable(defaultText);
    }

    /** What stands between several values in one text; empty for an option that has one. */
    public Optional<String> separator() {
        return switch (form) {
            case LIST -> Optional.of(",");
            case REPEATED -> Optional.of(ValueParsers.BETWEEN_PATHS);
            case VALUE, SWITCH, FLAG_ONLY, SECRET -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return key;
    }
}
