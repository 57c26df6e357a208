package io.forebay.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Java machine that runs Forebay.
 *
 * @param process the folder that the kernel keeps for this process: {@code /proc/self}
 * @param release its version
 * @param home where it is
 */
public record JavaRuntime(Path process, String release, String home) {
    private static final String CACHE_FLAG = "-XX:AOTCache=";

    Finding version() {
        return Finding.good("java", release + ", " + home);
    }

    /** Whether classes come ready-made; a Java machine says nothing when it does without. */
    Finding startUp() {
        Optional<Path> cache = argument(CACHE_FLAG).map(Path::of);
        if (cache.isEmpty() || !Files.isReadable(cache.get())) {
            return slowStart("no AOT cache");
        }
        return isMapped(cache.get())
                ? Finding.good("start-up", "from the AOT cache " + cache.get())
                : slowStart("the AOT cache " + cache.get() + " is not for this Java");
    }

    private static Finding slowStart(String here) {
        return Finding.less(
                "start-up",
                here,
                "some tenths of a second at each mount",
                "build or install Forebay for this Java again");
    }

    private Optional<String> argument(String flag) {
        try {
            String arguments = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return Stream.of(arguments.split("\0"))
                    .filter(argument -> argument.startsWith(flag))
                    .map(argument -> argument.substring(flag.length()))
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private boolean isMapped(Path file) {
        try (Stream<String> lines = Files.lines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.endsWith("/" + file.getFileName()));
        } catch (IOException unreadable) {
            return false;
        }
    }
}
