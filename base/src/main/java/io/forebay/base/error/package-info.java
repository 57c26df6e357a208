/**
 * The one family of failures. A kind says what the caller can do next; which errno it becomes is decided in the
 * {@code fs} module, which HTTP status it came from in the {@code blob} module.
 */
@NullMarked
package io.forebay.base.error;

import org.jspecify.annotations.NullMarked;
