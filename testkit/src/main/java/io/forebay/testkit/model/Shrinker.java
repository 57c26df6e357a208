package io.forebay.testkit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds a short list of operations that still fails, by delta debugging: takes out ever smaller pieces, and keeps every
 * list that fails without the piece, until no single operation can be spared or the trials are used up.
 */
public final class Shrinker {
    private final int maxTrials;
    private int trials;

    /** @param maxTrials how often a list may be tried at most */
    public Shrinker(int maxTrials) {
        this.maxTrials = maxTrials;
    }

    /** @param fails whether a list still shows the failure; true for {@code failing} itself */
    public <O> List<O> shrink(List<O> failing, Predicate<List<O>> fails) {
        List<O> shortest = failing;
        int piece = Math.max(1, shortest.size() / 2);
        while (trials < maxTrials) {
            List<O> shorter = withoutPieces(shortest, piece, fails);
            if (shorter.size() == shortest.size() && piece == 1) {
                return shorter;
            }
            piece = Math.max(1, Math.min(piece / 2, shorter.size() / 2));
            shortest = shorter;
        }
        return shortest;
    }

    /** One pass from the end to the start, since what comes last depends on the most. */
    private <O> List<O> withoutPieces(List<O> failing, int piece, Predicate<List<O>> fails) {
        List<O> kept = failing;
        for (int end = kept.size(); end > 0 && trials < maxTrials; end -= piece) {
            int start = Math.max(0, end - piece);
            List<O> candidate = new ArrayList<>(kept.subList(0, start));
            candidate.addAll(kept.subList(Math.min(end, kept.size()), kept.size()));
            trials++;
            if (!candidate.isEmpty() && fails.test(candidate)) {
                kept = candidate;
            }
        }
        return List.copyOf(kept);
    }
}
