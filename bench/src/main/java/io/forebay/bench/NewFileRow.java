package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** New files, written and synced, against the same on the backing file system. */
final class NewFileRow {
    private static final Goal GOAL = Goal.atLeast(0.90);

    private NewFileRow() {}

    static List<Line> measure(Bench bench) throws IOException {
        Path plain = bench.workspace().folder("plain-writes").resolve("file");
        try (ForebayMount mount = bench.mount("writes")) {
            Path mounted = mount.root().resolve("file");
            Rounds<Load.Written> rounds =
                    Rounds.of(bench.options().rounds(), () -> write(bench, mounted), () -> write(bench, plain));
            return List.of(
                    rounds.line(
                            "new file, 1 MiB writes, without the fsync",
                            Unit.GIGABYTES_PER_SECOND,
                            GOAL,
                            Load.Written::writesOnly),
                    rounds.line(
                            "new file, 1 MiB writes, with the fsync (which waits for the store)",
                            Unit.GIGABYTES_PER_SECOND,
                            GOAL,
                            Load.Written::withSync));
        }
    }

    private static Load.Written write(Bench bench, Path file) throws IOException {
        bench.workspace().settle();
        return bench.load().write(file, bench.options().fileBytes());
    }
}
