package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Distance;
import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An epoch of training: every file of a directory is read once, in a shuffled order, by names that are known. */
final class EpochRows {
    private static final String CONTAINER = "epoch";
    private static final String FOLDER = "train";
    private static final String EXT4 = "ext4";
    private static final int FILES = 1000;
    private static final int MANY_FILES = 100_000;
    private static final int FILE_BYTES = 100_000;
    private static final int THREADS = 4;
    /** The goal of a whole epoch of 1,000: its files, and a few that learn their names. */
    private static final int MOST_REQUESTS = 1010;

    private final Bench bench;
    private final SimulatedStore store;

    private EpochRows(Bench bench, SimulatedStore store) {
        this.bench = bench;
        this.store = store;
    }

    /** A cold epoch, and one more while everything is here. */
    private record Epochs(double coldRate, long coldRequests, double warmRate, long warmRequests) {}

    static List<Line> measure(Bench bench) throws IOException {
        Workspace workspace = bench.workspace();
        try (Workspace.Temporary plain = workspace.temporary("plain-epoch");
                SimulatedStore store = SimulatedStore.start(workspace, Wire.HTTP)) {
            store.declare(CONTAINER, FOLDER + "/f%06d", FILES, FILE_BYTES);
            store.move(Distance.FAR);
            makeFiles(plain.path());
            return new EpochRows(bench, store).lines(plain.path());
        }
    }

    private List<Line> lines(Path plain) throws IOException {
        RivalLines rivals = new RivalLines(bench, bench.rivals());
        List<Rounds.Other<ColdRun<Epochs>>> others = new ArrayList<>();
        others.add(new Rounds.Other<>(EXT4, () -> warmOnly(plain)));
        others.addAll(rivals.others(this::mounted));
        Rounds<ColdRun<Epochs>> rounds =
                Rounds.fromNothing(bench.options().rounds(), () -> mounted(bench.forebay()), others);
        String cold = "cold shuffled epoch, files: " + FILES + ", threads: " + THREADS + ", " + Distance.FAR;
        String warm = "the same epoch again";
        List<Line> lines = new ArrayList<>();
        lines.add(rounds.alone(
                cold, Unit.PER_SECOND, Goal.atLeast(1000), run -> run.result().coldRate()));
        lines.addAll(
                rivals.told(rounds, cold, Unit.PER_SECOND, run -> run.result().coldRate()));
        lines.add(rounds.alone(cold, Unit.REQUESTS, Goal.atMost(MOST_REQUESTS), run -> run.result()
                .coldRequests()));
        lines.addAll(
                rivals.told(rounds, cold, Unit.REQUESTS, run -> run.result().coldRequests()));
        lines.add(rounds.alone(
                warm, Unit.REQUESTS, Goal.atMost(0), run -> run.result().warmRequests()));
        lines.add(rounds.against(EXT4, warm, Unit.PER_SECOND, Goal.atLeast(0.7), run -> run.result()
                .warmRate()));
        lines.addAll(
                rivals.told(rounds, warm, Unit.PER_SECOND, run -> run.result().warmRate()));
        lines.add(rounds.alone(cold + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), ColdRun::peakMebibytes));
        lines.addAll(rivals.told(rounds, cold + ", peak memory", Unit.MEBIBYTES, ColdRun::peakMebibytes));
        return lines;
    }

    private ColdRun<Epochs> mounted(Contender contender) throws IOException {
        return ColdRun.of(bench, contender, store, CONTAINER, root -> {
            Path folder = root.resolve(FOLDER);
            double coldRate = epoch(folder, FILES);
            long coldRequests = store.counts().requests();
            store.resetCounts();
            double warmRate = epoch(folder, FILES);
            return new Epochs(coldRate, coldRequests, warmRate, store.counts().requests());
        });
    }

    private ColdRun<Epochs> warmOnly(Path plain) throws IOException {
        epoch(plain, FILES);
        Epochs epochs = new Epochs(0, 0, epoch(plain, FILES), 0);
        return new ColdRun<>(epochs, 0, 0, SimulatedStore.Counts.NONE);
    }

    private double epoch(Path folder, int files) throws IOException {
        return bench.load().epoch(folder, files, FILE_BYTES, THREADS);
    }

    /** So many files that what is kept of each must not add up. Once: it takes minutes, and 10 GB of disk. */
    static List<Line> many(Bench bench) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            store.declare(CONTAINER, FOLDER + "/f%06d", MANY_FILES, FILE_BYTES);
            store.move(Distance.FAR);
            EpochRows rows = new EpochRows(bench, store);
            Rounds<ColdRun<Double>> once = Rounds.fromNothing(
                    1,
                    () -> ColdRun.of(
                            bench,
                            bench.forebay(),
                            store,
                            CONTAINER,
                            root -> rows.epoch(root.resolve(FOLDER), MANY_FILES)),
                    List.of());
            String what = "cold shuffled epoch, files: " + MANY_FILES + ", threads: " + THREADS + ", " + Distance.FAR;
            return List.of(
                    once.alone(what, Unit.PER_SECOND, Goal.atLeast(1000), ColdRun::result),
                    once.alone(what, Unit.REQUESTS, Goal.atMost(MANY_FILES * 1.01), run -> run.counts()
                            .requests()),
                    once.alone(what + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), ColdRun::peakMebibytes));
        }
    }

    private static void makeFiles(Path folder) throws IOException {
        for (int number = 0; number < FILES; number++) {
            Path file = folder.resolve(String.format(Locale.ROOT, "f%06d", number));
            try (FileChannel channel = FileContent.write(file, FILE_BYTES)) {
                channel.truncate(FILE_BYTES);
            }
        }
    }
}
