package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.util.List;

/** A cold sequential read over https, with a certificate of the simulator's own, against curl into a file. */
final class HttpsRows {
    private static final String CONTAINER = "bench";
    private static final String FILE = "file";
    private static final String CURL = "curl into a file";

    private final Bench bench;
    private final SimulatedStore store;
    private final long bytes;

    private HttpsRows(Bench bench, SimulatedStore store) {
        this.bench = bench;
        this.store = store;
        this.bytes = bench.options().fileBytes();
    }

    private record Outcome(double cpuSecondsPerGibibyte, double megabytesPerSecond, double peak) {}

    static List<Line> measure(Bench bench) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTPS)) {
            store.declare(CONTAINER, FILE, 1, bench.options().fileBytes());
            store.warmUp(CONTAINER, FILE);
            HttpsRows rows = new HttpsRows(bench, store);
            Rounds<Outcome> rounds = Rounds.fromNothing(
                    bench.options().rounds(), rows::mounted, List.of(new Rounds.Other<>(CURL, rows::curl)));
            String what = "cold sequential read over https";
            return List.of(
                    rounds.against(
                            CURL,
                            what + ", processor time",
                            Unit.SECONDS_PER_GIBIBYTE,
                            Goal.atMost(1.5),
                            Outcome::cpuSecondsPerGibibyte),
                    rounds.against(CURL, what, Unit.MEGABYTES_PER_SECOND, Goal.NONE, Outcome::megabytesPerSecond),
                    rounds.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), Outcome::peak));
        }
    }

    private Outcome mounted() throws IOException {
        ColdRun<Load.Read> run = ColdRun.of(bench, bench.forebay(), store, CONTAINER, root -> bench.load()
                .read(root.resolve(FILE), bytes, Load.Way.BUFFERED));
        return new Outcome(
                perGibibyte(run.cpuSeconds()), run.result().megabytesPerSecondWithOpen(), run.peakMebibytes());
    }

    private Outcome curl() throws IOException {
        try (Workspace.Temporary folder = bench.workspace().temporary("curl")) {
            bench.workspace().dropPageCache();
            String file = folder.path().resolve(FILE).toString();
            long startNanos = System.nanoTime();
            double cpuSeconds = bench.load().cost(store.curlCommand(List.of("-o", file, store.url(CONTAINER, FILE))));
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            return new Outcome(perGibibyte(cpuSeconds), bytes / 1e6 / seconds, 0);
        }
    }

    private double perGibibyte(double seconds) {
        return seconds * (1L << 30) / bytes;
    }
}
