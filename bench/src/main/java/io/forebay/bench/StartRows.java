package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** How soon a mount answers, and what it holds when nobody uses it. */
final class StartRows {
    private static final int STARTS = 10;
    private static final int STARTS_WITH_MEMORY = 3;

    private StartRows() {}

    static List<Line> ofFolder(Bench bench) throws IOException {
        return measure(bench, bench.plan("start"), "");
    }

    /** The store checks no key, but the mount signs all the same, and asks whether the container is there. */
    static List<Line> ofSimulator(Bench bench) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), SimulatedStore.Wire.HTTP)) {
            store.declare("bench", "file", 1, Load.MEBIBYTE);
            return measure(bench, bench.plan("start", store, "bench"), ", signing in with a key");
        }
    }

    private static List<Line> measure(Bench bench, ForebayMount.Plan plan, String how) throws IOException {
        List<Double> seconds = new ArrayList<>();
        List<Double> mebibytes = new ArrayList<>();
        List<Double> ownMebibytes = new ArrayList<>();
        for (int start = 0; start <= STARTS; start++) {
            long startNanos = System.nanoTime();
            try (ForebayMount mount = ForebayMount.of(plan, bench.workspace())) {
                Files.getLastModifiedTime(mount.root());
                if (start > 0) {
                    seconds.add((System.nanoTime() - startNanos) / 1e9);
                }
                if (start < STARTS_WITH_MEMORY) {
                    Resources.awaitIdle(mount.daemon());
                    mebibytes.add(Resources.residentMebibytes(mount.daemon()));
                    ownMebibytes.add(Resources.ownMebibytes(mount.daemon()));
                }
            }
        }
        return List.of(
                new Line.Absolute(
                        "from `forebay mount` to a mount that answers" + how + ", median of " + STARTS,
                        Unit.SECONDS,
                        new Sample(seconds),
                        Goal.atMost(0.5)),
                new Line.Absolute(
                        "resident memory of an idle mount" + how,
                        Unit.MEBIBYTES,
                        new Sample(mebibytes),
                        Goal.atMost(120)),
                new Line.Absolute(
                        "the same, without pages of mapped files" + how,
                        Unit.MEBIBYTES,
                        new Sample(ownMebibytes),
                        Goal.NONE));
    }
}
