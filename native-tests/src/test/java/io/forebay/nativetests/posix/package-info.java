/** System calls through {@code java.lang.foreign}, for the flags and error numbers that Java's own file API hides. */
@NullMarked
package io.forebay.nativetests.posix;

import org.jspecify.annotations.NullMarked;
