package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/SEMANTICS.md} shows as an example is true: on a plain folder and on every mount. */
class SemanticsTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("^```sh example$(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @RegisterExtension
    final Stores stores = new Stores();

    @TempDir
    private Path work;

    @TestFactory
    Stream<DynamicTest> examplesAreTrue() throws Exception {
        List<String> examples = examples();
        assertThat(examples).isNotEmpty();
        return Stream.of(GroundKind.values()).map(kind -> dynamicTest(kind.name(), () -> run(examples, kind)));
    }

    private static List<String> examples() throws IOException {
        Path document = Path.of(System.getProperty("forebay.root"), "docs", "SEMANTICS.md");
        List<String> examples = new ArrayList<>();
        for (Matcher found = EXAMPLE.matcher(Files.readString(document)); found.find(); ) {
            examples.add(found.group(1));
        }
        return examples;
    }

    private void run(List<String> examples, GroundKind kind) throws Exception {
        Path folder = Files.createDirectory(work.resolve(kind.name()));
        try (Ground ground = kind.open(folder, stores)) {
            for (int i = 0; i < examples.size(); i++) {
                Path here = Files.createDirectory(ground.root().resolve("example" + i));
                try {
                    Command.shell(examples.get(i)).in(here).succeed();
                } catch (Throwable e) {
                    e.addSuppressed(new Evidence(ground.evidence()));
                    throw e;
                }
            }
        }
    }
}
