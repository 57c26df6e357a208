package io.forebay.blob;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes in order. */
@FunctionalInterface
public interface ByteSink {
    /**
     * Learns which version the bytes are of, before the first of them. A store that can break off in the middle calls
     * it, so that the rest can be asked for from the same version.
     */
    default void begin(Etag version) {}

    /**
     * Takes all remaining bytes of {@code bytes}, which the caller may reuse afterwards.
     *
     * @throws IOException if they cannot be taken; the call that feeds this sink then ends with that failure
     */
    void accept(ByteBuffer bytes) throws IOException;
}
