package io.forebay.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Measurements of Forebay and of its yardstick in turns, so that both met the same weather. */
record Rounds<T>(List<T> forebay, List<T> yardstick) {
    /** One measurement. */
    @FunctionalInterface
    interface Measurement<T> {
        T take() throws IOException;
    }

    /** Measures both {@code count} times, and once before that for nothing. The order changes from round to round. */
    static <T> Rounds<T> of(int count, Measurement<T> forebay, Measurement<T> yardstick) throws IOException {
        List<T> ours = new ArrayList<>();
        List<T> theirs = new ArrayList<>();
        for (int round = 0; round <= count; round++) {
            // Whoever comes second pays for what the first left to the disk.
            boolean oursFirst = round % 2 == 0;
            T first = oursFirst ? forebay.take() : yardstick.take();
            T second = oursFirst ? yardstick.take() : forebay.take();
            if (round > 0) {
                ours.add(oursFirst ? first : second);
                theirs.add(oursFirst ? second : first);
            }
        }
        return new Rounds<>(ours, theirs);
    }

    /**
     * The same for rates that vary from one moment to the next: in each round both are measured {@code slices} times in
     * turns, and what counts is the mean.
     */
    static Rounds<Double> ofRates(int count, int slices, Measurement<Double> forebay, Measurement<Double> yardstick)
            throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round <= count; round++) {
            Rounds<Double> sliced = of(slices, forebay, yardstick);
            if (round > 0) {
                ours.add(mean(sliced.forebay()));
                theirs.add(mean(sliced.yardstick()));
            }
        }
        return new Rounds<>(ours, theirs);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    Line line(String what, Unit unit, Goal goal, ToDoubleFunction<T> value) {
        return new Line.Compared(what, unit, sample(forebay, value), sample(yardstick, value), goal);
    }

    private static <T> Sample sample(List<T> measured, ToDoubleFunction<T> value) {
        return new Sample(measured.stream().map(value::applyAsDouble).toList());
    }
}
