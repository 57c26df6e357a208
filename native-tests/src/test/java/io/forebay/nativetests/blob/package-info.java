/** What lies in the store, seen by a client that knows nothing of Forebay. */
@NullMarked
package io.forebay.nativetests.blob;

import org.jspecify.annotations.NullMarked;
