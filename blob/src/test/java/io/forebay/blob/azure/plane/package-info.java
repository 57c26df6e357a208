@NullMarked
package io.forebay.blob.azure.plane;

import org.jspecify.annotations.NullMarked;
