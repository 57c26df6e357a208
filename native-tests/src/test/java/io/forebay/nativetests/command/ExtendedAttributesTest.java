package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Extended attributes are there where they were asked for. */
class ExtendedAttributesTest {
    @RegisterExtension
    final Stores stores = new Stores();

    @ParameterizedTest
    @EnumSource(
            value = GroundKind.class,
            names = {"DIRECTORY", "DIRECTORY_BY_JNR_FUSE", "AZURITE"})
    void they_are_kept(GroundKind kind, @TempDir Path work) throws Exception {
        try (Ground ground = kind.open(work, stores, "--xattrs")) {
            Path file = Files.writeString(ground.root().resolve("file"), "content");
            set(file, "user.Some.Name", "a value").orFail();
            set(file, "user.other", "x").orFail();
            assertThat(value(file, "user.Some.Name")).isEqualTo("a value");
            Files.writeString(file, "changed");
            ground.remount();

            assertThat(value(file, "user.Some.Name")).isEqualTo("a value");
            assertThat(Command.of("getfattr", "-d", "--absolute-names", file.toString())
                            .succeed())
                    .contains("user.Some.Name=\"a value\"", "user.other=\"x\"");
            Command.of("setfattr", "-x", "user.other", file.toString()).succeed();
            assertThat(get(file, "user.other").stderr()).contains("No such attribute");
            assertThat(set(file, "trusted.x", "x").stderr()).contains("not supported");
            assertThat(set(file, "user.large", "x".repeat(9_000)).stderr()).contains("No space left");
            Command.of(
                            "cp",
                            "-a",
                            file.toString(),
                            ground.root().resolve("copy").toString())
                    .succeed();
            assertThat(value(ground.root().resolve("copy"), "user.Some.Name")).isEqualTo("a value");
        }
    }

    @Test
    void there_are_none_where_nobody_asked_for_them(@TempDir Path work) throws Exception {
        try (Ground ground = GroundKind.DIRECTORY.open(work, stores)) {
            Path file = Files.writeString(ground.root().resolve("file"), "content");
            assertThat(set(file, "user.x", "x").stderr()).contains("not supported");
        }
    }

    private static Finished set(Path file, String name, String value) throws Exception {
        return Command.of("setfattr", "-n", name, "-v", value, file.toString()).run();
    }

    private static Finished get(Path file, String name) throws Exception {
        return Command.of("getfattr", "--only-values", "--absolute-names", "-n", name, file.toString())
                .run();
    }

    private static String value(Path file, String name) throws Exception {
        return get(file, name).orFail().stdout();
    }
}
