/** Tests of what stands in front of every store. */
@NullMarked
package io.forebay.blob;

import org.jspecify.annotations.NullMarked;
