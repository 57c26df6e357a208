package io.forebay.blob.azure.plane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** Bytes to and from a server. Used by one thread at a time, except for {@link #close}. */
sealed interface Wire extends AutoCloseable permits PlainWire, TlsWire {
    /**
     * Waits for bytes and takes what is there.
     *
     * @return how many were added to {@code into}, or -1 at the end
     */
    int read(ByteBuffer into) throws IOException;

    /** Sends all remaining bytes. */
    void write(ByteBuffer bytes) throws IOException;

    /** What bytes of files can be sent to as they are; empty where they must pass through this process first. */
    Optional<WritableByteChannel> fileTarget();

    /** Whether the other side has neither ended the connection nor said anything that nobody asked for; does not wait. */
    boolean isQuiet() throws IOException;

    /** A buffer of the kind that this wire moves bytes through fastest. */
    ByteBuffer newBuffer(int capacityBytes);

    /** Closes the socket and wakes whoever waits on it. From any thread, any number of times. */
    @Override
    void close();
}
