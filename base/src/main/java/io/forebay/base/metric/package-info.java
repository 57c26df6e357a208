/** The one table of what Forebay counts, and the counters themselves. */
@NullMarked
package io.forebay.base.metric;

import org.jspecify.annotations.NullMarked;
