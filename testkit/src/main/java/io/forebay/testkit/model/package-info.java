/**
 * Random operations against a reference, from a seed, and the shortest list of them that still fails.
 *
 * <p>{@link io.forebay.testkit.model.ModelCheck} draws operations from an
 * {@link io.forebay.testkit.model.OperationGenerator} and hands the whole list to a
 * {@link io.forebay.testkit.model.Trial}. Operations are values that carry everything they need, so that any sub-list
 * can be tried too: an operation whose ground was taken away, such as a write to a handle that nobody opened, does
 * nothing. This is what lets {@link io.forebay.testkit.model.Shrinker} take operations out until each one counts.
 */
@NullMarked
package io.forebay.testkit.model;

import org.jspecify.annotations.NullMarked;
