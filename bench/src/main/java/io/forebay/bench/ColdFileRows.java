package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Distance;
import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One reader that reads a file from the store, from its first byte to its last. */
final class ColdFileRows {
    private static final String CONTAINER = "bench";
    private static final String FILE = "file";
    /** Of which only the beginning is read, on a mount that has read the other one. */
    private static final String NEXT_FILE = "next-file";

    private static final String SOCKETS = "plain Java sockets into a file";
    private static final String GET = "one GET of it by curl";

    private final Bench bench;
    private final SimulatedStore store;
    private final long bytes;

    private ColdFileRows(Bench bench, SimulatedStore store) {
        this.bench = bench;
        this.store = store;
        this.bytes = bench.options().fileBytes();
    }

    /** The whole file, and then the first mebibyte of another. */
    private record Reads(Load.Read whole, Load.Read next) {}

    /** What one of them did; what was not measured is zero. */
    private record Outcome(
            double megabytesPerSecond,
            double firstMillis,
            double firstWithOpenMillis,
            double nextMillis,
            double nextWithOpenMillis,
            double cpu,
            double peak) {
        static Outcome of(ColdRun<Reads> run, long bytes) {
            Load.Read whole = run.result().whole();
            Load.Read next = run.result().next();
            return new Outcome(
                    whole.megabytesPerSecondWithOpen(),
                    whole.firstSeconds() * 1e3,
                    (whole.openSeconds() + whole.firstSeconds()) * 1e3,
                    next.firstSeconds() * 1e3,
                    (next.openSeconds() + next.firstSeconds()) * 1e3,
                    run.cpuSeconds() / ((double) bytes / (1L << 30)),
                    run.peakMebibytes());
        }
    }

    static List<Line> free(Bench bench) throws IOException {
        return measure(bench, Distance.FREE, Goal.atLeast(0.8), Goal.atLeast(3), Goal.atMost(1.5));
    }

    static List<Line> far(Bench bench) throws IOException {
        return measure(bench, Distance.FAR, Goal.NONE, Goal.atLeast(2), Goal.NONE);
    }

    private static List<Line> measure(
            Bench bench, Distance distance, Goal againstSockets, Goal againstBlobFuse2, Goal cpu) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            store.declare(CONTAINER, FILE, 1, bench.options().fileBytes());
            store.declare(CONTAINER, NEXT_FILE, 1, bench.options().fileBytes());
            store.warmUp(CONTAINER, FILE);
            store.move(distance);
            RivalLines rivals = new RivalLines(bench, bench.rivals());
            Rounds<Outcome> rounds = new ColdFileRows(bench, store).rounds(rivals);
            String what = "cold sequential read, " + distance;
            List<Line> lines = new ArrayList<>();
            lines.add(rounds.against(
                    SOCKETS, what, Unit.MEGABYTES_PER_SECOND, againstSockets, Outcome::megabytesPerSecond));
            lines.addAll(rivals.better(
                    rounds, what, Unit.MEGABYTES_PER_SECOND, againstBlobFuse2, Outcome::megabytesPerSecond));
            lines.add(rounds.against(
                    SOCKETS, what + ", processor time", Unit.SECONDS_PER_GIBIBYTE, Goal.NONE, Outcome::cpu));
            lines.add(rounds.alone(what + ", processor time", Unit.SECONDS_PER_GIBIBYTE, cpu, Outcome::cpu));
            lines.addAll(rivals.told(rounds, what + ", processor time", Unit.SECONDS_PER_GIBIBYTE, Outcome::cpu));
            addFirstBytes(distance, rounds, rivals, lines);
            lines.add(rounds.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), Outcome::peak));
            lines.addAll(rivals.told(rounds, what + ", peak memory", Unit.MEBIBYTES, Outcome::peak));
            return lines;
        }
    }

    /** What a reader waits for its first bytes: of the first file that a mount reads in its life, and of the next. */
    private static void addFirstBytes(Distance distance, Rounds<Outcome> rounds, RivalLines rivals, List<Line> lines) {
        Goal goal = Goal.atMost(1.5);
        String first = "first MiB of the first file, " + distance;
        String next = "first MiB of the next file, " + distance;
        lines.add(rounds.against(GET, next + ", its read()", Unit.MILLISECONDS, goal, Outcome::nextMillis));
        lines.add(rounds.against(
                GET, next + ", with the open()", Unit.MILLISECONDS, Goal.NONE, Outcome::nextWithOpenMillis));
        lines.addAll(rivals.told(rounds, next + ", with the open()", Unit.MILLISECONDS, Outcome::nextWithOpenMillis));
        lines.add(rounds.against(GET, first + ", its read()", Unit.MILLISECONDS, goal, Outcome::firstMillis));
        lines.add(rounds.against(
                GET, first + ", with the open()", Unit.MILLISECONDS, Goal.NONE, Outcome::firstWithOpenMillis));
        lines.addAll(rivals.told(rounds, first + ", with the open()", Unit.MILLISECONDS, Outcome::firstWithOpenMillis));
    }

    private Rounds<Outcome> rounds(RivalLines rivals) throws IOException {
        List<Rounds.Other<Outcome>> others = new ArrayList<>();
        others.add(new Rounds.Other<>(SOCKETS, this::sockets));
        others.add(new Rounds.Other<>(GET, this::oneGet));
        others.addAll(rivals.others(this::mounted));
        return Rounds.fromNothing(bench.options().rounds(), () -> mounted(bench.forebay()), others);
    }

    private Outcome mounted(Contender contender) throws IOException {
        return Outcome.of(ColdRun.of(bench, contender, store, CONTAINER, this::read), bytes);
    }

    private Reads read(Path root) throws IOException {
        Load.Read whole = bench.load().read(root.resolve(FILE), bytes, Load.Way.BUFFERED);
        return new Reads(whole, bench.load().read(root.resolve(NEXT_FILE), Load.MEBIBYTE, Load.Way.BUFFERED));
    }

    private Outcome sockets() throws IOException {
        try (Workspace.Temporary folder = bench.workspace().temporary("sockets")) {
            bench.workspace().dropPageCache();
            SocketLoop.Result result = SocketLoop.inProcess(
                    store.url(CONTAINER, FILE), bytes, folder.path().resolve(FILE));
            return new Outcome(result.megabytesPerSecond(), 0, 0, 0, 0, result.cpuSecondsPerGibibyte(), 0);
        }
    }

    private Outcome oneGet() throws IOException {
        String range = "0-" + (Load.MEBIBYTE - 1);
        String seconds =
                store.curl(List.of("-o", "/dev/null", "-r", range, "-w", "%{time_total}", store.url(CONTAINER, FILE)));
        double millis = Double.parseDouble(seconds) * 1e3;
        return new Outcome(0, millis, millis, millis, millis, 0, 0);
    }
}
