package io.forebay.testkit.model;

import java.util.random.RandomGenerator;

/** Draws operations; the same numbers give the same operations. */
@FunctionalInterface
public interface OperationGenerator<O> {
    O next(RandomGenerator random);
}
