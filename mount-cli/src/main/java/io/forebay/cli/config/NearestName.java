package io.forebay.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant to write. */
final class NearestName {
    private NearestName() {}

    /** The name that takes the fewest edits to reach from {@code written}; none if that would be a third of it or more. */
    static Optional<String> among(Collection<String> names, String written) {
        int mostEdits = Math.max(1, written.length() / 3);
        return names.stream()
                .min(Comparator.comparingInt(name -> edits(name, written)))
                .filter(name -> edits(name, written) <= mostEdits);
    }

    /** Letters to insert, remove or replace (Levenshtein), row by row. */
    private static int edits(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] here = new int[to.length() + 1];
            here[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                here[column] = Math.min(replaced, 1 + Math.min(above[column], here[column - 1]));
            }
            above = here;
        }
        return above[to.length()];
    }
}
