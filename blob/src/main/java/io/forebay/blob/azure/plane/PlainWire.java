package io.forebay.blob.azure.plane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/**
 * A socket.
 *
 * @param channel connected, in blocking mode
 */
record PlainWire(SocketChannel channel) implements Wire {
    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public Optional<WritableByteChannel> fileTarget() {
        return Optional.of(channel);
    }

    @Override
    public boolean isQuiet() throws IOException {
        return peek(channel, ByteBuffer.allocate(1)) == 0;
    }

    /** Direct: the socket writes it and the file reads it, and nobody looks inside. */
    @Override
    public ByteBuffer newBuffer(int capacityBytes) {
        return ByteBuffer.allocateDirect(capacityBytes);
    }

    @Override
    public void close() {
        abandon(channel);
    }

    /** Takes what has arrived, without waiting. */
    static int peek(SocketChannel channel, ByteBuffer into) throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(into);
        } finally {
            channel.configureBlocking(true);
        }
    }

    static void abandon(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // Nothing of it is used any more.
        }
    }
}
