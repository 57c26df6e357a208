/**
 * What the contract suite cannot ask of every store: where the files are, what people do to them by hand, several stores
 * on one folder, and crashes.
 */
@NullMarked
package io.forebay.blob.directory;

import org.jspecify.annotations.NullMarked;
