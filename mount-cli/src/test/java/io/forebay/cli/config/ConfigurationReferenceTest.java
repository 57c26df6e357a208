package io.forebay.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
    @Test
    void thePageIsInStepWithTheTable() throws IOException {
        Path page = Path.of(Objects.requireNonNull(System.getProperty("forebay.root")), "docs/CONFIGURATION.md");

        assertThat(page).as("write it anew with ./dev docs").hasContent(OptionReference.markdown());
    }
}
