package io.forebay.cli.config;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was said about each option, from the source that counts most. Values are read when they are asked for. */
public final class Configuration {
    private final Map<Option<?>, Setting> settings;
    private final boolean complete;
    private final Problems problems;

    /**
     * What was said.
     *
     * @param complete whether all sources were understood, so that what is missing here is missing
     * @param problems takes what is found to be wrong
     */
    Configuration(Map<Option<?>, Setting> settings, boolean complete, Problems problems) {
        this.settings = Map.copyOf(settings);
        this.complete = complete;
        this.problems = problems;
    }

    /**
     * The value of an option that has a default.
     *
     * @return the default where the value cannot be read, after the problem has been noted
     */
    public <T> T value(Option<T> option) {
        String fallback = option.defaultValue()
                .orElseThrow(() -> new IllegalArgumentException("the option " + option + " has no default"));
        return find(option).orElseGet(() -> option.parser().parse(fallback));
    }

    /** The value of an option, if anybody gave one that can be read; a problem is noted if it cannot. */
    public <T> Optional<T> find(Option<T> option) {
        @Nullable Setting setting = settings.get(option);
        if (setting == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(option.parser().parse(setting.text()));
        } catch (IllegalArgumentException unreadable) {
            problems.add(setting.where(), String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    /** Whether anybody gave a value, readable or not. */
    public boolean isGiven(Option<?> option) {
        return settings.containsKey(option);
    }

    /** Notes that something has to be given and is not; a file that was not understood may have meant to say it. */
    void missing(String what, String advice) {
        if (complete) {
            problems.add(what, advice);
        }
    }

    /** The start of a sentence about an option: where its value was written, or its name. */
    String where(Option<?> option) {
        @Nullable Setting setting = settings.get(option);
        return setting == null ? option.flag().orElse(option.key()) : setting.where();
    }

    Problems problems() {
        return problems;
    }
}
