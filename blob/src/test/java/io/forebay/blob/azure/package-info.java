/** The Azure store without Azure: settings, translation of failures, and servers that misbehave. */
@NullMarked
package io.forebay.blob.azure;

import org.jspecify.annotations.NullMarked;
