package io.forebay.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Measurements of Forebay and of what it is compared with in turns, so that all met the same weather. */
final class Rounds<T> {
    private final Taken<T> forebay;
    private final List<Taken<T>> others;

    private Rounds(Taken<T> forebay, List<Taken<T>> others) {
        this.forebay = forebay;
        this.others = others;
    }

    /** One measurement. */
    @FunctionalInterface
    interface Measurement<T> {
        T take() throws IOException;
    }

    /** Something that Forebay is compared with. */
    record Other<T>(String name, Measurement<T> measurement) {}

    /** What was measured of one of them, until it failed. */
    private static final class Taken<T> {
        private final Other<T> who;
        private final List<T> values = new ArrayList<>();
        private String failure = "";

        Taken(Other<T> who) {
            this.who = who;
        }

        /** Does not fail: one that breaks must not take the others' measurements with it. */
        void takeIfWell(boolean counts) {
            if (failure.isEmpty()) {
                try {
                    take(counts);
                } catch (IOException broken) {
                    failure = String.valueOf(broken.getMessage());
                }
            }
        }

        void take(boolean counts) throws IOException {
            T value = who.measurement().take();
            if (counts) {
                values.add(value);
            }
        }

        Sample sample(ToDoubleFunction<T> value) {
            return new Sample(values.stream().map(value::applyAsDouble).toList());
        }
    }

    /**
     * Measures both {@code count} times, and once before that for nothing. The order changes from round to round.
     *
     * @throws IOException if either fails
     */
    static <T> Rounds<T> of(int count, Measurement<T> forebay, Measurement<T> yardstick) throws IOException {
        Taken<T> ours = new Taken<>(new Other<>("Forebay", forebay));
        Taken<T> theirs = new Taken<>(new Other<>("yardstick", yardstick));
        for (int round = 0; round <= count; round++) {
            // Whoever comes second pays for what the first left to the disk.
            boolean oursFirst = round % 2 == 0;
            (oursFirst ? ours : theirs).take(round > 0);
            (oursFirst ? theirs : ours).take(round > 0);
        }
        return new Rounds<>(ours, List.of(theirs));
    }

    /**
     * The same for rates that vary from one moment to the next: in each round both are measured {@code slices} times in
     * turns, and what counts is the mean.
     */
    static Rounds<Double> ofRates(int count, int slices, Measurement<Double> forebay, Measurement<Double> yardstick)
            throws IOException {
        Taken<Double> ours = new Taken<>(new Other<>("Forebay", forebay));
        Taken<Double> theirs = new Taken<>(new Other<>("yardstick", yardstick));
        for (int round = 0; round <= count; round++) {
            Rounds<Double> sliced = of(slices, forebay, yardstick);
            if (round > 0) {
                ours.values.add(mean(sliced.forebay.values));
                theirs.values.add(mean(sliced.others.getFirst().values));
            }
        }
        return new Rounds<>(ours, List.of(theirs));
    }

    /**
     * Measures all of them {@code count} times, for measurements that each begin from nothing: there is no round for
     * nothing before.
     *
     * @throws IOException if Forebay fails; another that fails is left out from then on
     */
    static <T> Rounds<T> fromNothing(int count, Measurement<T> forebay, List<Other<T>> others) throws IOException {
        Taken<T> ours = new Taken<>(new Other<>("Forebay", forebay));
        List<Taken<T>> theirs = others.stream().map(Taken::new).toList();
        for (int round = 0; round < count; round++) {
            for (int turn = 0; turn <= theirs.size(); turn++) {
                int which = (round + turn) % (theirs.size() + 1);
                if (which == 0) {
                    ours.take(true);
                } else {
                    theirs.get(which - 1).takeIfWell(true);
                }
            }
        }
        return new Rounds<>(ours, theirs);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Forebay's values, as they came. */
    List<T> forebay() {
        return List.copyOf(forebay.values);
    }

    /** Compared with the yardstick. */
    Line line(String what, Unit unit, Goal goal, ToDoubleFunction<T> value) {
        return compared(what, unit, goal, value, others.getFirst());
    }

    /** Compared with the one of that name; that it broke is a line too. */
    Line against(String name, String what, Unit unit, Goal goal, ToDoubleFunction<T> value) {
        String full = what + ", against " + name;
        return others.stream()
                .filter(other -> other.who.name().equals(name))
                .findFirst()
                .map(other -> compared(full, unit, goal, value, other))
                .orElseThrow();
    }

    private Line compared(String what, Unit unit, Goal goal, ToDoubleFunction<T> value, Taken<T> other) {
        return other.failure.isEmpty()
                ? new Line.Compared(what, unit, forebay.sample(value), other.sample(value), goal)
                : new Line.Missing(what, other.failure);
    }

    /** Forebay alone. */
    Line alone(String what, Unit unit, Goal goal, ToDoubleFunction<T> value) {
        return new Line.Absolute(what, unit, forebay.sample(value), goal);
    }
}
