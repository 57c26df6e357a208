package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** 64 KiB that are changed in the middle of a large blob. */
final class EditRow {
    private static final String CONTAINER = "edited";
    private static final int CHANGED_BYTES = 64 << 10;

    private EditRow() {}

    /** What the store was asked for the change, and what was sent to it. */
    private record Cost(long requests, double sentMebibytes, double seconds) {}

    static List<Line> measure(Bench bench) throws IOException {
        long bytes = bench.options().fileBytes();
        try (SimulatedStore store = SimulatedStore.discarding(bench.workspace())) {
            store.create(CONTAINER);
            Rounds<Cost> rounds = Rounds.fromNothing(
                    bench.options().rounds(),
                    () -> ColdRun.of(bench, bench.forebay(), store, CONTAINER, root -> edit(bench, store, root, bytes))
                            .result(),
                    List.of());
            String what = "64 KiB in the middle of a blob of " + bytes / Load.MEBIBYTE + " MiB";
            return List.of(
                    rounds.alone(what, Unit.REQUESTS, Goal.atMost(3), Cost::requests),
                    rounds.alone(what + ", sent", Unit.MEBIBYTES, Goal.atMost(16), Cost::sentMebibytes),
                    rounds.alone(what, Unit.SECONDS, Goal.NONE, Cost::seconds));
        }
    }

    private static Cost edit(Bench bench, SimulatedStore store, Path root, long bytes) throws IOException {
        Path file = root.resolve("file");
        bench.load().save(file, bytes);
        store.resetCounts();
        long middle = bytes / 2 / CHANGED_BYTES * CHANGED_BYTES;
        double seconds = bench.load().edit(file, middle, CHANGED_BYTES);
        SimulatedStore.Counts counts = store.counts();
        return new Cost(counts.requests(), counts.sentBytes() / (double) Load.MEBIBYTE, seconds);
    }
}
