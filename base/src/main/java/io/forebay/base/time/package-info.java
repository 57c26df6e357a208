/** Time as an argument: a clock that tests can hold, and the deadline that travels with an operation. */
@NullMarked
package io.forebay.base.time;

import org.jspecify.annotations.NullMarked;
