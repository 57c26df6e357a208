package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.ByteSink;

/** Where the missing pages of a content go, in order: some as bytes, some by being found where they belong. */
interface PageSink extends ByteSink {
    /**
     * Says that the next {@code lengthBytes}, a whole page or the last one of the content, are in the file already, and
     * right.
     *
     * @param sum their checksum
     */
    void found(int lengthBytes, int sum) throws ForebayException;
}
