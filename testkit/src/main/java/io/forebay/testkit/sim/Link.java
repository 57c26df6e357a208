package io.forebay.testkit.sim;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A connection to a client, encrypted or not. Used by one thread, except that any may close it. */
interface Link extends Closeable {
    /** Reads some bytes; -1 at the end. */
    int read(byte[] bytes, int from, int length) throws IOException;

    /** Writes all of them. */
    void write(ByteBuffer bytes) throws IOException;

    /** Ends the connection so that the client sees a reset, and not an end. */
    void reset() throws IOException;
}
