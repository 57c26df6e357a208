package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Distance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many small files, created one after the other by one thread. */
final class SmallFileRows {
    private static final String CONTAINER = "small";
    private static final String EXT4 = "ext4";
    private static final int BYTES = 4096;
    private static final int FEW = 500;
    private static final double LATENCY_SECONDS = 0.020;
    private static final String CURL = "one Put Blob after the other by curl";
    private static final int PUTS = 100;
    private static final Duration COMMIT_LIMIT = Duration.ofMinutes(5);

    private final Bench bench;
    private final SimulatedStore store;
    private final int files;

    private SmallFileRows(Bench bench, SimulatedStore store) {
        this.bench = bench;
        this.store = store;
        this.files = bench.options().entries();
    }

    /**
     * @param perSecond created
     * @param writes requests for each of them
     * @param durableSeconds after the last close, until all are in the store
     */
    private record Outcome(double perSecond, double writes, double durableSeconds) {}

    static List<Line> measure(Bench bench) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), SimulatedStore.Wire.HTTP);
                Workspace.Temporary plain = bench.workspace().temporary("plain-small")) {
            store.create(CONTAINER);
            store.move(Distance.FAR);
            SmallFileRows rows = new SmallFileRows(bench, store);
            List<Line> lines = new ArrayList<>(rows.local(plain.path()));
            lines.addAll(rows.blob());
            return lines;
        }
    }

    private List<Line> local(Path plain) throws IOException {
        Contender forebay = new Forebay(bench.launcher(), bench.workspace(), List.of("--write-back=local"));
        Rounds<Outcome> rounds = Rounds.fromNothing(
                bench.options().rounds(),
                () -> ColdRun.of(bench, forebay, store, CONTAINER, this::createLocally)
                        .result(),
                List.of(new Rounds.Other<>(EXT4, () -> onDisk(plain))));
        String what = files + " new files of 4 KiB, --write-back=local, " + Distance.FAR;
        return List.of(
                rounds.against(EXT4, what, Unit.PER_SECOND, Goal.atLeast(0.5), Outcome::perSecond),
                rounds.alone(what + ", writes for each", Unit.RATIO, Goal.atMost(1), Outcome::writes),
                rounds.alone(
                        what + ", from the last close until all are in the store",
                        Unit.SECONDS,
                        Goal.atMost(2),
                        Outcome::durableSeconds));
    }

    private Outcome createLocally(Path root) throws IOException {
        store.resetCounts();
        Path folder = Files.createDirectory(root.resolve("files-" + System.nanoTime()));
        Waiting.until(
                COMMIT_LIMIT, "the folder is not uploaded", () -> store.counts().commits() > 0);
        store.resetCounts();
        double rate = bench.load().create(folder, files, BYTES);
        long startNanos = System.nanoTime();
        Waiting.until(
                COMMIT_LIMIT,
                "the files are not all uploaded",
                () -> store.counts().commits() >= files);
        double durable = (System.nanoTime() - startNanos) / 1e9;
        return new Outcome(rate, store.counts().commits() / (double) files, durable);
    }

    private Outcome onDisk(Path plain) throws IOException {
        Path folder = Files.createDirectory(plain.resolve("files-" + System.nanoTime()));
        return new Outcome(bench.load().create(folder, files, BYTES), 0, 0);
    }

    private List<Line> blob() throws IOException {
        RivalLines rivals = new RivalLines(bench, bench.rivals());
        List<Rounds.Other<Outcome>> others = new ArrayList<>(rivals.others(this::closed));
        others.add(new Rounds.Other<>(CURL, this::putByCurl));
        Rounds<Outcome> rounds = Rounds.fromNothing(bench.options().rounds(), () -> closed(bench.forebay()), others);
        String what = FEW + " new files of 4 KiB, --write-back=blob, " + Distance.FAR;
        List<Line> lines = new ArrayList<>();
        lines.add(rounds.against(CURL, what, Unit.PER_SECOND, Goal.atLeast(0.9), Outcome::perSecond));
        lines.add(rounds.alone(
                what + ", of one request after the other that takes 20 ms and nothing more",
                Unit.RATIO,
                Goal.NONE,
                outcome -> outcome.perSecond() * LATENCY_SECONDS));
        lines.addAll(rivals.told(rounds, what, Unit.PER_SECOND, Outcome::perSecond));
        lines.add(rounds.alone(what + ", requests for each", Unit.RATIO, Goal.NONE, Outcome::writes));
        lines.addAll(rivals.told(rounds, what + ", requests for each", Unit.RATIO, Outcome::writes));
        return lines;
    }

    /** What one request takes, with all that this machine adds to it. */
    private Outcome putByCurl() throws IOException {
        try (Workspace.Temporary folder = bench.workspace().temporary("curl")) {
            Path body = Files.write(folder.path().resolve("body"), new byte[BYTES]);
            List<String> words = new ArrayList<>(List.of(
                    "-H", "x-ms-blob-type: BlockBlob", "-H", "x-ms-version: 2021-12-02", "-w", "%{time_total}\n"));
            for (int put = 0; put < PUTS; put++) {
                words.addAll(List.of("-T", body.toString(), store.url(CONTAINER, "by-curl-" + put)));
            }
            double seconds =
                    store.curl(words).lines().mapToDouble(Double::parseDouble).sum();
            return new Outcome(PUTS / seconds, 1, 0);
        }
    }

    private Outcome closed(Contender contender) throws IOException {
        return ColdRun.of(bench, contender, store, CONTAINER, root -> {
                    Path folder = Files.createDirectory(root.resolve("few-" + System.nanoTime()));
                    store.resetCounts();
                    double rate = bench.load().create(folder, FEW, BYTES);
                    return new Outcome(rate, store.counts().requests() / (double) FEW, 0);
                })
                .result();
    }
}
