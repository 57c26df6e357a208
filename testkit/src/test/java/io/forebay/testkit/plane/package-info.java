/** What speaks to a store without the SDK, where neither Azurite nor the simulator shows what is wanted. */
@NullMarked
package io.forebay.testkit.plane;

import org.jspecify.annotations.NullMarked;
