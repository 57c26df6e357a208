package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Distance;
import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.util.List;

/** Many processes that read the same file while nobody has it yet: each byte is to be fetched once. */
final class CrowdRow {
    private static final String CONTAINER = "bench";
    private static final String FILE = "file";
    private static final int PROCESSES = 64;
    /** Once, and a little for a page that two ranges share. */
    private static final Goal ONCE = Goal.atMost(1.001);

    private CrowdRow() {}

    static List<Line> measure(Bench bench) throws IOException {
        long bytes = bench.options().fileBytes();
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            store.declare(CONTAINER, FILE, 1, bytes);
            store.move(Distance.FAR);
            // Each round reads the file 64 times: one does.
            Rounds<ColdRun<Double>> once = Rounds.fromNothing(
                    1,
                    () -> ColdRun.of(bench, bench.forebay(), store, CONTAINER, root -> bench.load()
                            .crowd(root.resolve(FILE), bytes, PROCESSES)),
                    List.of());
            String what = PROCESSES + " processes read the same cold file, " + Distance.FAR;
            return List.of(
                    once.alone(
                            what + ": bytes fetched, of the file's",
                            Unit.RATIO,
                            ONCE,
                            run -> (double) run.counts().fetchedBytes() / bytes),
                    once.alone(what + ": requests", Unit.REQUESTS, Goal.NONE, run -> run.counts()
                            .requests()),
                    once.alone(what + ": all of them", Unit.MEGABYTES_PER_SECOND, Goal.NONE, ColdRun::result),
                    once.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), ColdRun::peakMebibytes));
        }
    }
}
