package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Distance;
import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Many threads that read pages at random from a file of which nothing is here yet. */
final class ColdRandomRows {
    private static final String CONTAINER = "bench";
    private static final String FILE = "file";
    private static final int THREADS = 16;
    /** More than anybody would fetch. */
    private static final long HUGE_BYTES = 64L << 30;

    private final Bench bench;
    private final SimulatedStore store;
    private final long bytes;
    private final RivalLines rivals;

    private ColdRandomRows(Bench bench, SimulatedStore store, long bytes, RivalLines rivals) {
        this.bench = bench;
        this.store = store;
        this.bytes = bytes;
        this.rivals = rivals;
    }

    /** What one of them did. */
    private record Outcome(double readsPerSecond, double fetchedPerAsked, double peak) {
        static Outcome of(ColdRun<Load.Rate> run) {
            double asked = (double) run.result().operations() * Load.RANDOM_BLOCK_BYTES;
            return new Outcome(run.result().perSecond(), run.counts().fetchedBytes() / asked, run.peakMebibytes());
        }
    }

    /** Only what is asked for can be fetched. Who fetches whole files is left out. */
    static List<Line> huge(Bench bench) throws IOException {
        List<Contender> able = bench.rivals().stream()
                .filter(rival -> !rival.fetchesWholeFiles())
                .toList();
        RivalLines rivals = new RivalLines(bench, able);
        String what = "cold random 4 KiB of 64 GiB, threads: " + THREADS + ", " + Distance.FAR;
        return measure(bench, Distance.FAR, HUGE_BYTES, rivals, (rounds, lines) -> {
            lines.add(rounds.alone(what, Unit.PER_SECOND, Goal.atLeast(600), Outcome::readsPerSecond));
            lines.addAll(rivals.told(rounds, what, Unit.PER_SECOND, Outcome::readsPerSecond));
            String fetched = what + ", bytes fetched for a byte asked";
            lines.add(rounds.alone(fetched, Unit.RATIO, Goal.atMost(20), Outcome::fetchedPerAsked));
            lines.addAll(rivals.told(rounds, fetched, Unit.RATIO, Outcome::fetchedPerAsked));
            addMemory(what, rounds, rivals, lines);
        });
    }

    static List<Line> free(Bench bench) throws IOException {
        return ofFileThatFits(bench, Distance.FREE);
    }

    static List<Line> far(Bench bench) throws IOException {
        return ofFileThatFits(bench, Distance.FAR);
    }

    /** Fetching all of it pays. */
    private static List<Line> ofFileThatFits(Bench bench, Distance distance) throws IOException {
        RivalLines rivals = new RivalLines(bench, bench.rivals());
        String what = "cold random 4 KiB of a file that fits, threads: " + THREADS + ", " + distance;
        return measure(bench, distance, bench.options().fileBytes(), rivals, (rounds, lines) -> {
            lines.add(rounds.alone(what, Unit.PER_SECOND, Goal.NONE, Outcome::readsPerSecond));
            lines.addAll(rivals.betterThanWholeFiles(
                    rounds, what, Unit.PER_SECOND, Goal.atLeast(1.2), Outcome::readsPerSecond));
            addMemory(what, rounds, rivals, lines);
        });
    }

    private static void addMemory(String what, Rounds<Outcome> rounds, RivalLines rivals, List<Line> lines) {
        lines.add(rounds.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), Outcome::peak));
        lines.addAll(rivals.told(rounds, what + ", peak memory", Unit.MEBIBYTES, Outcome::peak));
    }

    /** Says what was measured. */
    @FunctionalInterface
    private interface Report {
        void of(Rounds<Outcome> rounds, List<Line> lines);
    }

    private static List<Line> measure(Bench bench, Distance distance, long bytes, RivalLines rivals, Report report)
            throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            store.declare(CONTAINER, FILE, 1, bytes);
            store.move(distance);
            List<Line> lines = new ArrayList<>();
            report.of(new ColdRandomRows(bench, store, bytes, rivals).rounds(), lines);
            return lines;
        }
    }

    private Rounds<Outcome> rounds() throws IOException {
        return Rounds.fromNothing(
                bench.options().rounds(), () -> mounted(bench.forebay()), rivals.others(this::mounted));
    }

    private Outcome mounted(Contender contender) throws IOException {
        return Outcome.of(ColdRun.of(bench, contender, store, CONTAINER, root -> bench.load()
                .windowOfRandomReads(root.resolve(FILE), bytes, THREADS)));
    }
}
