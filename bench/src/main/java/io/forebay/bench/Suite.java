package io.forebay.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One benchmark: what it measures, in that order.
 *
 * @param name of its command: {@code ./dev bench NAME}
 * @param defaults where the command line says nothing
 * @param takesRivals whether other file systems over the same store can take part
 */
record Suite(String name, BenchOptions defaults, boolean takesRivals, List<Group> groups) {
    /** Rows that are measured together, if any of them is wanted. */
    record Group(List<String> rows, boolean onlyWhenNamed, Bench.Row measurement) {
        static Group of(String row, Bench.Row measurement) {
            return new Group(List.of(row), false, measurement);
        }

        /** One that takes too long to be measured unless it is asked for. */
        static Group onlyWhenNamed(String row, Bench.Row measurement) {
            return new Group(List.of(row), true, measurement);
        }

        boolean isWantedBy(BenchOptions options) {
            return rows.stream().anyMatch(row -> options.names(row) || (!onlyWhenNamed && options.wants(row)));
        }
    }

    /** The names that {@code --only} knows. */
    Set<String> rows() {
        Set<String> rows = new LinkedHashSet<>();
        groups.forEach(group -> rows.addAll(group.rows()));
        return rows;
    }
}
