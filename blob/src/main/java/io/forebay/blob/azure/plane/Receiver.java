package io.forebay.blob.azure.plane;

import io.forebay.blob.ByteSink;
import java.io.IOException;

/** Takes the body of an answer that is a success; that of any other is skipped. */
@FunctionalInterface
public interface Receiver {
    /**
     * Learns what was answered, before any byte of the body, and says where the body goes.
     *
     * @throws IOException if the body is not wanted; the call then ends with that failure
     */
    ByteSink begin(Answer answer) throws IOException;
}
