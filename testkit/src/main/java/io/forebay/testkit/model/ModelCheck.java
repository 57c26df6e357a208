package io.forebay.testkit.model;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tries lists of operations, each drawn from a seed, and reports the shortest that fails. */
public final class ModelCheck<O> {
    /** A trial takes some 10 ms: shrinking ends within half a minute. */
    private static final int MAX_SHRINKING_TRIALS = 2_000;

    private final OperationGenerator<O> generator;
    private final Trial<O> trial;

    public ModelCheck(OperationGenerator<O> generator, Trial<O> trial) {
        this.generator = generator;
        this.trial = trial;
    }

    /**
     * Tries {@code count} operations drawn from {@code seed}.
     *
     * @throws AssertionError with the seed, the shortest failing list and its failure as the cause
     */
    public void run(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<O> operations =
                Stream.generate(() -> generator.next(random)).limit(count).toList();
        Throwable failure = failureOf(operations);
        if (failure == null) {
            return;
        }
        String kind = kindOf(failure);
        List<O> shortest = new Shrinker(MAX_SHRINKING_TRIALS).shrink(operations, candidate -> {
            Throwable other = failureOf(candidate);
            return other != null && kindOf(other).equals(kind);
        });
        Throwable cause = failureOf(shortest);
        throw new AssertionError(report(seed, shortest, cause), cause == null ? failure : cause);
    }

    private String report(long seed, List<O> operations, @Nullable Throwable cause) {
        return "seed " + seed + " fails; the shortest list that does has " + operations.size() + " operations"
                + (cause == null ? ", but not every time it is run" : "")
                + operations.stream().map(operation -> "\n  " + operation).collect(Collectors.joining()) + "\n"
                + cause;
    }

    /** A shorter list must fail in the same way, or shrinking wanders off to another bug. */
    private static String kindOf(Throwable failure) {
        return failure.getClass().getName();
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private @Nullable Throwable failureOf(List<O> operations) {
        try {
            trial.run(operations);
            return null;
        } catch (Exception | Error failure) {
            return failure;
        }
    }
}
