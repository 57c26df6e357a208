/** The Azure store against Azurite. */
@NullMarked
package io.forebay.testkit.azurite;

import org.jspecify.annotations.NullMarked;
