package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cli.config.Option;
import io.forebay.cli.config.Options;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrammarTest {
    private static Map<Option<?>, String> flags(String... arguments) {
        return Grammar.flagsOf(Grammar.commandLine().parseArgs(arguments).subcommand());
    }

    @Test
    void aFlagThatMayBeRepeatedKeepsAllItsValuesWhole() {
        assertThat(flags("mount", "/mnt", "--cache-path", "/nvme0/a,b", "--cache-path=/nvme1"))
                .containsEntry(Options.CACHE_PATH, "/nvme0/a,b\n/nvme1");
    }

    @Test
    void ofAnyOtherFlagTheLastOneCounts() {
        assertThat(flags("mount", "/mnt", "--deadline=5s", "--deadline=6s")).containsEntry(Options.DEADLINE, "6s");
    }
}
