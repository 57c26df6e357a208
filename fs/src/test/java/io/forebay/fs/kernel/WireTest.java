package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares {@link Wire}, {@link Opcode} and {@link InitFlag} with {@code linux/fuse.h}: as the C compiler of this machine
 * sees it, where there is one, and as one saw it once ({@code fuse-layout.txt}), everywhere.
 */
final class WireTest {
    /** Newer than the header of some distributions; their numbers are in the kernel's documentation. */
    private static final Set<String> NEWER = Set.of(
            "fuse_init_out.max_stack_depth",
            "fuse_open_out.backing_id",
            "fuse_backing_map.fd",
            "fuse_backing_map.flags",
            "fuse_backing_map.padding",
            "fuse_backing_map",
            "FUSE_DIRECT_IO_ALLOW_MMAP",
            "FUSE_PASSTHROUGH");

    @TempDir
    Path folder;

    @Test
    void numbers_are_those_of_the_checked_in_table() throws IOException {
        try (var table = WireTest.class.getResourceAsStream("fuse-layout.txt")) {
            Map<String, Long> expected =
                    parse(new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.UTF_8));
            assertThat(ours()).isEqualTo(expected);
        }
    }

    @Test
    void numbers_are_those_of_the_c_compiler() throws Exception {
        assumeThat(Path.of("/usr/include/linux/fuse.h")).as("kernel headers").exists();
        assumeThat(Shell.run(folder, "command -v cc").exitCode())
                .as("a C compiler")
                .isZero();
        Map<String, Long> ours = ours();
        ours.keySet().removeAll(NEWER);
        Files.writeString(folder.resolve("layout.c"), program(ours.keySet()));

        String printed = Shell.succeed(folder, "cc -o layout layout.c && ./layout");

        assertThat(parse(printed)).isEqualTo(ours);
    }

    private static String program(Set<String> names) {
        String lines = names.stream()
                .map(name -> "  printf(\"%s %%llu\\n\", (unsigned long long) (%s));".formatted(name, expression(name)))
                .collect(Collectors.joining("\n"));
        return "#include <linux/fuse.h>\n#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n" + lines
                + "\n  return 0;\n}\n";
    }

    private static String expression(String name) {
        int dot = name.indexOf('.');
        if (dot > 0) {
            return "offsetof(struct " + name.substring(0, dot) + ", " + name.substring(dot + 1) + ")";
        }
        return name.startsWith("fuse_")
                ? "sizeof(struct " + name + ")"
                : name.startsWith("OP_") ? "FUSE_" + name.substring(3) : name;
    }

    /** What we say, by the names of the header: {@code fuse_x} for a size, {@code fuse_x.y} for an offset. */
    private static Map<String, Long> ours() {
        Map<String, Long> numbers = new TreeMap<>();
        for (Class<?> struct : Wire.class.getDeclaredClasses()) {
            String name =
                    "fuse" + struct.getSimpleName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            for (Field field : struct.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && !field.getName().equals("COMPAT_SIZE")) {
                    numbers.put(fieldName(name, field.getName()), (long) number(field));
                }
            }
        }
        Arrays.stream(Opcode.values()).forEach(opcode -> numbers.put("OP_" + opcode, (long) opcode.number()));
        Arrays.stream(InitFlag.values()).forEach(flag -> numbers.put("FUSE_" + flag, flag.mask()));
        return numbers;
    }

    private static String fieldName(String struct, String constant) {
        return switch (constant) {
            case "SIZE" -> struct;
            case "SIZE_FIELD" -> struct + ".size";
            default -> struct + "." + constant.toLowerCase(Locale.ROOT);
        };
    }

    private static int number(Field field) {
        try {
            return field.getInt(null);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Map<String, Long> parse(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> Long.parseLong(parts[1]), (one, _) -> one, TreeMap::new));
    }
}
