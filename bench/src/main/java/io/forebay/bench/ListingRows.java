package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What it costs to list a directory, to list it again, and to ask it for names that are not there. */
final class ListingRows {
    private static final String CONTAINER = "names";
    private static final String EXT4 = "ext4";
    private static final int FILE_BYTES = 4096;
    private static final int ABSENT_NAMES = 500;
    /** Enough to time, and over before the tree asks the store again. */
    private static final int WARM_LISTS = 20;

    private final Bench bench;
    private final SimulatedStore store;
    private final int entries;

    private ListingRows(Bench bench, SimulatedStore store) {
        this.bench = bench;
        this.store = store;
        this.entries = bench.options().entries();
    }

    /** What one of them did. */
    private record Outcome(
            double coldRate,
            long coldRequests,
            long warmRequests,
            double warmRate,
            double warmBareRate,
            long absentRequests,
            double peak) {}

    static List<Line> measure(Bench bench) throws IOException {
        try (Workspace.Temporary plain = bench.workspace().temporary("plain-listing");
                SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            NameRows.makeFiles(plain.path(), bench.options().entries());
            store.declare(CONTAINER, "f%06d", bench.options().entries(), FILE_BYTES);
            return new ListingRows(bench, store).lines(plain.path());
        }
    }

    private List<Line> lines(Path plain) throws IOException {
        RivalLines rivals = new RivalLines(bench, bench.rivals());
        List<Rounds.Other<Outcome>> others = new ArrayList<>();
        others.add(new Rounds.Other<>(EXT4, () -> warmOnly(plain)));
        others.addAll(rivals.others(this::mounted));
        Rounds<Outcome> rounds = Rounds.fromNothing(bench.options().rounds(), () -> mounted(bench.forebay()), others);
        String cold = "cold `ls -l`, entries: " + entries;
        String warm = "`ls -l` again";
        String absent = "names that are not there, in a listed directory: " + ABSENT_NAMES;
        List<Line> lines = new ArrayList<>();
        lines.add(rounds.alone(cold, Unit.REQUESTS, Goal.atMost(1), Outcome::coldRequests));
        lines.addAll(rivals.told(rounds, cold, Unit.REQUESTS, Outcome::coldRequests));
        lines.add(rounds.alone(cold, Unit.PER_SECOND, Goal.NONE, Outcome::coldRate));
        lines.addAll(rivals.told(rounds, cold, Unit.PER_SECOND, Outcome::coldRate));
        lines.add(rounds.alone(warm, Unit.REQUESTS, Goal.atMost(0), Outcome::warmRequests));
        lines.add(rounds.against(EXT4, warm, Unit.PER_SECOND, Goal.atLeast(0.5), Outcome::warmRate));
        lines.addAll(rivals.told(rounds, warm, Unit.PER_SECOND, Outcome::warmRate));
        lines.add(rounds.against(
                EXT4, warm + ", as bare readdir and stat", Unit.PER_SECOND, Goal.NONE, Outcome::warmBareRate));
        lines.add(rounds.alone(absent, Unit.REQUESTS, Goal.atMost(0), Outcome::absentRequests));
        lines.addAll(rivals.told(rounds, absent, Unit.REQUESTS, Outcome::absentRequests));
        lines.add(rounds.alone(cold + ", peak memory", Unit.MEBIBYTES, Goal.atMost(600), Outcome::peak));
        return lines;
    }

    private Outcome mounted(Contender contender) throws IOException {
        ColdRun<Outcome> run = ColdRun.of(bench, contender, store, CONTAINER, this::listOftenAndAsk);
        Outcome outcome = run.result();
        return new Outcome(
                outcome.coldRate(),
                outcome.coldRequests(),
                outcome.warmRequests(),
                outcome.warmRate(),
                outcome.warmBareRate(),
                outcome.absentRequests(),
                run.peakMebibytes());
    }

    private Outcome listOftenAndAsk(Path root) throws IOException {
        double coldRate = entries / NameRows.listLong(root);
        long coldRequests = requestsAndReset();
        NameRows.listLong(root);
        long warmRequests = requestsAndReset();
        bench.load().absentStats(root, ABSENT_NAMES);
        long absentRequests = requestsAndReset();
        double warmRate = warmRate(root);
        double warmBareRate = bench.load().lists(root, WARM_LISTS);
        return new Outcome(coldRate, coldRequests, warmRequests, warmRate, warmBareRate, absentRequests, 0);
    }

    private long requestsAndReset() throws IOException {
        long requests = store.counts().requests();
        store.resetCounts();
        return requests;
    }

    private Outcome warmOnly(Path plain) throws IOException {
        NameRows.listLong(plain);
        double warmRate = warmRate(plain);
        return new Outcome(0, 0, 0, warmRate, bench.load().lists(plain, WARM_LISTS), 0, 0);
    }

    private double warmRate(Path folder) throws IOException {
        double seconds = 0;
        for (int list = 0; list < WARM_LISTS; list++) {
            seconds += NameRows.listLong(folder);
        }
        return (double) WARM_LISTS * entries / seconds;
    }
}
