package io.forebay.cli.config;

import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The configuration file: one flat mapping of keys to values. The only class that knows the YAML parser. */
final class YamlFile {
    /** A configuration is a page; what is larger was named by mistake. */
    private static final long MOST_BYTES = 1 << 20;

    private final Path file;
    private final Problems problems;
    private final Map<Option<?>, Setting> settings = new HashMap<>();

    private YamlFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Reads what can be read of {@code file}; the rest becomes problems, each with its line. */
    static Map<Option<?>, Setting> read(Path file, Problems problems) {
        YamlFile reading = new YamlFile(file, problems);
        reading.text().flatMap(reading::compose).ifPresent(reading::takeRoot);
        return reading.settings;
    }

    private Optional<String> text() {
        try {
            if (Files.isDirectory(file)) {
                problems.add(file.toString(), "this is a folder; name a YAML file with --config-file");
                return Optional.empty();
            }
            if (Files.size(file) > MOST_BYTES) {
                problems.add(file.toString(), "this is larger than 1 MiB and cannot be a configuration");
                return Optional.empty();
            }
            return Optional.of(Files.readString(file));
        } catch (CharacterCodingException binary) {
            problems.add(file.toString(), "this is not text in UTF-8 and cannot be a configuration");
        } catch (IOException unreadable) {
            problems.add(
                    file.toString(),
                    "the configuration cannot be read (" + LocalDisk.reason(unreadable)
                            + "); check the path given with --config-file and its permissions");
        }
        return Optional.empty();
    }

    private Optional<Node> compose(String text) {
        try {
            return new Compose(LoadSettings.builder().setLabel(file.toString()).build()).composeString(text);
        } catch (MarkedYamlEngineException malformed) {
            String place = malformed
                    .getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            problems.add(file + place, "this is not YAML: " + malformed.getProblem());
        } catch (YamlEngineException malformed) {
            problems.add(file.toString(), "this is not YAML: it holds a character or nesting that YAML does not allow");
        }
        return Optional.empty();
    }

    private void takeRoot(Node root) {
        if (root instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                takeEntry(entry.getKeyNode(), entry.getValueNode());
            }
        } else if (!(root instanceof ScalarNode scalar && scalar.getValue().isEmpty())) {
            problems.add(at(root), "a configuration is lines of 'key: value', and this is not one");
        }
    }

    private void takeEntry(Node key, Node value) {
        if (!(key instanceof ScalarNode name)) {
            problems.add(at(key), "a key must be a plain word");
            return;
        }
        Optional<Option<?>> option = optionOf(name.getValue());
        if (option.isEmpty()) {
            problems.add(at(key), "unknown key '" + name.getValue() + "'; " + advice(name.getValue()));
        } else if (settings.containsKey(option.get())) {
            problems.add(at(key), "the key '" + name.getValue() + "' is here for the second time; keep one of them");
        } else {
            takeValue(option.get(), value);
        }
    }

    private void takeValue(Option<?> option, Node value) {
        String where = at(value) + ": " + option.key();
        Optional<String> text = textOf(option, value);
        if (text.isEmpty()) {
            problems.add(
                    where,
                    option.separator().isPresent()
                            ? option.form() == Option.Form.LIST
                                    ? "this must be a list of words, or words with commas"
                                    : "this must be one value, or a list of them"
                            : "this must be one value, not a list or a group of keys");
        } else {
            settings.put(option, new Setting(text.get(), where));
        }
    }

    private static Optional<String> textOf(Option<?> option, Node value) {
        if (value instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue().strip());
        }
        if (!(value instanceof SequenceNode sequence) || option.separator().isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (!(item instanceof ScalarNode word)) {
                return Optional.empty();
            }
            words.add(word.getValue());
        }
        return Optional.of(String.join(option.separator().get(), words));
    }

    private static Optional<Option<?>> optionOf(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return Options.ALL.stream()
                .filter(option -> option.yamlKey().filter(lower::equals).isPresent())
                .findFirst();
    }

    private static String advice(String key) {
        List<String> keys = Options.ALL.stream()
                .flatMap(option -> option.yamlKey().stream())
                .toList();
        return NearestName.among(keys, key.toLowerCase(Locale.ROOT))
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElse("the keys are " + String.join(", ", keys));
    }

    private String at(Node node) {
        return file
                + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }
}
