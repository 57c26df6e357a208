package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Distance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One rank that saves its part of a checkpoint: a new file, in calls of 8 MiB, without an fsync. */
final class CheckpointRows {
    private static final String CONTAINER = "checkpoints";
    private static final String FILE = "rank-0";
    private static final String DISK = "the bare disk";
    private static final String STORE = "what the store takes";
    private static final Duration COMMIT_LIMIT = Duration.ofMinutes(10);

    private final Bench bench;
    private final SimulatedStore store;
    private final long bytes;

    private CheckpointRows(Bench bench, SimulatedStore store, Distance distance) throws IOException {
        store.create(CONTAINER);
        store.move(distance);
        this.bench = bench;
        this.store = store;
        this.bytes = bench.options().fileBytes();
    }

    /**
     * What one of them did; what was not measured is zero.
     *
     * @param saved megabytes a second, with the close
     * @param committedSeconds from the close until the blob is there
     */
    private record Outcome(double saved, double committedSeconds, double cpu, double peak) {}

    static List<Line> local(Bench bench) throws IOException {
        return local(bench, Distance.FREE);
    }

    /** Over a store where one connection is slow, as Blob storage is. */
    static List<Line> localFar(Bench bench) throws IOException {
        return local(bench, Distance.FAR);
    }

    private static List<Line> local(Bench bench, Distance distance) throws IOException {
        try (SimulatedStore store = SimulatedStore.discarding(bench.workspace());
                Workspace.Temporary plain = bench.workspace().temporary("plain")) {
            CheckpointRows rows = new CheckpointRows(bench, store, distance);
            Rounds<Outcome> rounds = Rounds.fromNothing(
                    bench.options().rounds(),
                    () -> rows.mounted(rows.forebay("--write-back=local"), true),
                    List.of(
                            new Rounds.Other<>(DISK, () -> rows.onDisk(plain.path())),
                            new Rounds.Other<>(STORE, () -> rows.intoStore(plain.path()))));
            String what = "checkpoint, --write-back=local, " + distance;
            return List.of(
                    rounds.against(DISK, what, Unit.MEGABYTES_PER_SECOND, Goal.atLeast(0.90), Outcome::saved),
                    rounds.against(
                            STORE,
                            what + ", from the close until it is committed",
                            Unit.SECONDS,
                            Goal.atMost(1.15),
                            Outcome::committedSeconds),
                    rounds.alone(what + ", processor time", Unit.SECONDS_PER_GIBIBYTE, Goal.NONE, Outcome::cpu),
                    rounds.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), Outcome::peak));
        }
    }

    static List<Line> blob(Bench bench) throws IOException {
        return blob(bench, Distance.FREE);
    }

    /** Over a store where one connection is slow, as Blob storage is. */
    static List<Line> blobFar(Bench bench) throws IOException {
        return blob(bench, Distance.FAR);
    }

    private static List<Line> blob(Bench bench, Distance distance) throws IOException {
        try (SimulatedStore store = SimulatedStore.discarding(bench.workspace());
                Workspace.Temporary plain = bench.workspace().temporary("plain")) {
            CheckpointRows rows = new CheckpointRows(bench, store, distance);
            RivalLines rivals = new RivalLines(bench, bench.rivals());
            List<Rounds.Other<Outcome>> others = new ArrayList<>();
            others.add(new Rounds.Other<>(STORE, () -> rows.intoStore(plain.path())));
            others.addAll(rivals.others(contender -> rows.mounted(contender, false)));
            Rounds<Outcome> rounds = Rounds.fromNothing(
                    bench.options().rounds(), () -> rows.mounted(rows.forebay("--write-back=blob"), false), others);
            String what = "checkpoint, --write-back=blob, with the close, " + distance;
            List<Line> lines = new ArrayList<>();
            lines.add(rounds.against(STORE, what, Unit.MEGABYTES_PER_SECOND, Goal.atLeast(0.9), Outcome::saved));
            lines.addAll(rivals.betterThanWholeFiles(
                    rounds, what, Unit.MEGABYTES_PER_SECOND, Goal.atLeast(1.8), Outcome::saved));
            lines.add(rounds.alone(what + ", processor time", Unit.SECONDS_PER_GIBIBYTE, Goal.NONE, Outcome::cpu));
            lines.addAll(rivals.betterThanWholeFiles(
                    rounds, what + ", processor time", Unit.SECONDS_PER_GIBIBYTE, Goal.atMost(1), Outcome::cpu));
            lines.add(rounds.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), Outcome::peak));
            lines.addAll(rivals.told(rounds, what + ", peak memory", Unit.MEBIBYTES, Outcome::peak));
            return lines;
        }
    }

    private Contender forebay(String option) {
        return new Forebay(bench.launcher(), bench.workspace(), List.of(option));
    }

    private Outcome mounted(Contender contender, boolean untilCommitted) throws IOException {
        ColdRun<double[]> run = ColdRun.of(bench, contender, store, CONTAINER, root -> {
            touchMemory();
            Load.Saved saved = bench.load().save(root.resolve(FILE), bytes);
            double committed = untilCommitted ? awaitCommit() : 0;
            return new double[] {saved.megabytesPerSecond(), committed};
        });
        double gibibytes = (double) bytes / (1L << 30);
        return new Outcome(run.result()[0], run.result()[1], run.cpuSeconds() / gibibytes, run.peakMebibytes());
    }

    /** What the page cache has given back is slow to be had again, on virtual machines above all. */
    private void touchMemory() throws IOException {
        bench.load().touchMemory(bytes);
    }

    private double awaitCommit() throws IOException {
        long startNanos = System.nanoTime();
        Waiting.until(
                COMMIT_LIMIT,
                "the checkpoint is not committed",
                () -> store.counts().commits() > 0);
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private Outcome onDisk(Path folder) throws IOException {
        bench.workspace().dropPageCache();
        touchMemory();
        Path file = folder.resolve(FILE);
        double saved = bench.load().save(file, bytes).megabytesPerSecond();
        Files.delete(file);
        return new Outcome(saved, 0, 0, 0);
    }

    /** A file that is in the page cache, as one that was just written is. */
    private Outcome intoStore(Path folder) throws IOException {
        bench.workspace().dropPageCache();
        Path file = folder.resolve(FILE);
        bench.load().save(file, bytes);
        double rate = PutLoop.inProcess(store.url(CONTAINER, FILE), file);
        Files.delete(file);
        return new Outcome(rate, bytes / 1e6 / rate, 0, 0);
    }
}
