package io.forebay.bench;

import io.forebay.bench.Load.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads that the door serves itself, past the page cache, against a server in C that answers from memory. */
final class DirectReadRows {
    /** The yardstick has all of it in memory; beyond this size nothing changes. */
    private static final long MOST_BYTES = 1L << 30;

    private static final String SEQUENTIAL =
            "served sequential read, 1 MiB O_DIRECT, against libfuse 3 in C from memory";
    private static final String RANDOM = "served random read, 4 KiB O_DIRECT, round trip, against the same";

    private DirectReadRows() {}

    static List<Line> measure(Bench bench) throws IOException {
        if (bench.yardstick().isEmpty()) {
            return Bench.withoutYardstick(SEQUENTIAL, RANDOM);
        }
        long bytes = Math.min(MOST_BYTES, bench.options().fileBytes());
        Path program = bench.yardstick().get();
        try (ForebayMount mount = bench.mount("served", "--no-passthrough");
                ForebayMount.HeldFile held = mount.write("file", bytes);
                YardstickMount yardstick =
                        YardstickMount.of(program, bench.workspace(), "served-yardstick", bytes, 0)) {
            bench.workspace().settle();
            return List.of(
                    sequential(bench, held.path(), yardstick.data(), bytes),
                    random(bench, held.path(), yardstick.data(), bytes));
        }
    }

    private static Line sequential(Bench bench, Path mounted, Path yardstick, long bytes) throws IOException {
        Load load = bench.load();
        return Rounds.of(
                        bench.options().rounds(),
                        () -> load.sequentialRead(mounted, bytes, Way.DIRECT),
                        () -> load.sequentialRead(yardstick, bytes, Way.DIRECT))
                .line(SEQUENTIAL, Unit.GIGABYTES_PER_SECOND, Goal.atLeast(1), value -> value);
    }

    private static Line random(Bench bench, Path mounted, Path yardstick, long bytes) throws IOException {
        Load load = bench.load();
        return Rounds.ofRates(
                        bench.options().rounds(),
                        Load.SLICES,
                        () -> load.randomReads(mounted, bytes, Way.DIRECT, 1),
                        () -> load.randomReads(yardstick, bytes, Way.DIRECT, 1))
                .line(RANDOM, Unit.MICROSECONDS, Goal.atMost(1), thousandsPerSecond -> 1e3 / thousandsPerSecond);
    }
}
