/**
 * What every ground must do. Each interface holds the tests of one subject as default methods;
 * {@link io.forebay.nativetests.suite.MountSuite} gathers them, and one small class per ground runs them.
 *
 * <p>Each test gets an empty folder of its own on the ground as its {@code Path} parameter. Where a ground lacks a
 * {@link io.forebay.nativetests.ground.Capability} the test demands a clean refusal instead of the thing itself.
 */
@NullMarked
package io.forebay.nativetests.suite;

import org.jspecify.annotations.NullMarked;
