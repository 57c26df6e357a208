/** The command from outside: what it says, what it leaves behind, how long it takes and how much memory. */
@NullMarked
package io.forebay.nativetests.command;

import org.jspecify.annotations.NullMarked;
