package io.forebay.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The lines that compare one thing with every rival that was given. */
final class RivalLines {
    private static final Set<BlobFuse2.Mode> BETTER_MODE = Set.of(BlobFuse2.Mode.values());

    private final Bench bench;
    private final List<Contender> rivals;

    RivalLines(Bench bench, List<Contender> rivals) {
        this.bench = bench;
        this.rivals = rivals;
    }

    /** For {@link Rounds}: each of them does the work on a cold mount. */
    <T> List<Rounds.Other<T>> others(Measure<T> measure) {
        return rivals.stream()
                .map(rival -> new Rounds.Other<>(rival.name(), () -> measure.of(rival)))
                .toList();
    }

    /** One measurement of a rival. */
    @FunctionalInterface
    interface Measure<T> {
        T of(Contender contender) throws IOException;
    }

    /** A line for each of them, without a goal. */
    <T> List<Line> told(Rounds<T> rounds, String what, Unit unit, ToDoubleFunction<T> value) {
        return lines(rounds, what, unit, Set.of(), Goal.NONE, value);
    }

    /** The same, with a goal against either mode of BlobFuse2, hence against the better one. */
    <T> List<Line> better(Rounds<T> rounds, String what, Unit unit, Goal goal, ToDoubleFunction<T> value) {
        return lines(rounds, what, unit, BETTER_MODE, goal, value);
    }

    /** The same, with a goal against the whole files of BlobFuse2. */
    <T> List<Line> betterThanWholeFiles(
            Rounds<T> rounds, String what, Unit unit, Goal goal, ToDoubleFunction<T> value) {
        return lines(rounds, what, unit, Set.of(BlobFuse2.Mode.FILE_CACHE), goal, value);
    }

    private <T> List<Line> lines(
            Rounds<T> rounds, String what, Unit unit, Set<BlobFuse2.Mode> modes, Goal goal, ToDoubleFunction<T> value) {
        List<Line> lines = new ArrayList<>();
        for (Contender rival : rivals) {
            boolean counts = rival instanceof BlobFuse2 blobFuse2 && modes.contains(blobFuse2.mode());
            lines.add(rounds.against(rival.name(), what, unit, counts ? goal : Goal.NONE, value));
        }
        if (!modes.isEmpty() && bench.rivals().stream().noneMatch(BlobFuse2.class::isInstance)) {
            lines.add(new Line.Missing(
                    what + ", against BlobFuse2: " + goal.text(Unit.RATIO), "it was not given; see --with"));
        }
        return lines;
    }
}
