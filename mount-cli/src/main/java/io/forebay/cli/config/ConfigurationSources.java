package io.forebay.cli.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where options are looked up: a flag counts more than an environment variable, that more than the file, and the file
 * more than the default. A variable that is set to nothing counts as not set.
 *
 * @param flags what was given on the command line
 * @param environment the variables of the process
 * @param workingFolder what relative paths are relative to
 */
public record ConfigurationSources(Map<Option<?>, String> flags, Map<String, String> environment, Path workingFolder) {
    public ConfigurationSources {
        flags = Map.copyOf(flags);
        environment = Map.copyOf(environment);
    }

    /** Reads them all; what cannot be read becomes a problem. */
    public Configuration read(Problems problems) {
        Map<Option<?>, Setting> settings = new HashMap<>();
        boolean complete = readFile(settings, problems);
        for (Option<?> option : Options.ALL) {
            option.environment().ifPresent(variable -> {
                @Nullable String text = environment.get(variable);
                if (text != null && !text.isBlank()) {
                    settings.put(option, new Setting(text.strip(), "environment variable " + variable));
                }
            });
            @Nullable String flag = flags.get(option);
            if (flag != null) {
                settings.put(option, new Setting(flag, option.flag().orElse(option.key())));
            }
        }
        return new Configuration(settings, complete, problems);
    }

    /** Whether the file, if there is one, holds nothing that could not be understood. */
    private boolean readFile(Map<Option<?>, Setting> settings, Problems problems) {
        @Nullable String file = flags.get(Options.CONFIG_FILE);
        if (file != null) {
            settings.putAll(YamlFile.read(workingFolder.resolve(file), problems));
        }
        return problems.sentences().isEmpty();
    }
}
