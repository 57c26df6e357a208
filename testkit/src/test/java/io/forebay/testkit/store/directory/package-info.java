/** The directory store on trial: the contract, what people do to its files by hand, and crashes. */
@NullMarked
package io.forebay.testkit.store.directory;

import org.jspecify.annotations.NullMarked;
