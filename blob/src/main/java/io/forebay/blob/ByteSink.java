package io.forebay.blob;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes in order. */
@FunctionalInterface
public interface ByteSink {
    /**
     * Takes all remaining bytes of {@code bytes}, which the caller may reuse afterwards.
     *
     * @throws IOException if they cannot be taken; the call that feeds this sink then ends with that failure
     */
    void accept(ByteBuffer bytes) throws IOException;
}
