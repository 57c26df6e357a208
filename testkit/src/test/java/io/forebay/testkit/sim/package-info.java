/** The simulator on trial: it must be Azure enough for the contract, exact in its faults, and faster than what it measures. */
@NullMarked
package io.forebay.testkit.sim;

import org.jspecify.annotations.NullMarked;
