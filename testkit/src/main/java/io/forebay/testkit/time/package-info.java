/** Time that a test holds in its hand. */
@NullMarked
package io.forebay.testkit.time;

import org.jspecify.annotations.NullMarked;
