package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs in C, compiled on the machine that they measure. */
final class NativePrograms {
    private static final List<String> COMPILER = List.of("cc", "-O2", "-Wall", "-o");

    private final Path sources;
    private final Path target;

    /** @param target a folder for the programs */
    NativePrograms(Path sources, Path target) {
        this.sources = sources;
        this.target = target;
    }

    /** The program that makes load. */
    Path load() throws IOException {
        return compile("load", List.of("-lpthread"));
    }

    /** The server to compare with; empty where libfuse 3 cannot be compiled against. */
    Optional<Path> yardstick() {
        try {
            String flags = Command.run("pkg-config", "--cflags", "--libs", "fuse3");
            return Optional.of(compile("yardstick", List.of(flags.split("\\s+", -1))));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private Path compile(String name, List<String> flags) throws IOException {
        Path program = target.resolve(name);
        List<String> words = new ArrayList<>(COMPILER);
        words.add(program.toString());
        words.add(sources.resolve(name + ".c").toString());
        words.addAll(flags);
        Command.run(words.toArray(String[]::new));
        return program;
    }
}
