package io.forebay.testkit.sim;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A TCP connection. A direct buffer goes to the socket in one system call, without a copy in this process. */
final class PlainLink implements Link {
    private static final int READ_BYTES = 128 << 10;

    private final SocketChannel channel;
    /** Bytes on their way in. */
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(READ_BYTES);

    PlainLink(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        incoming.clear().limit(Math.min(length, READ_BYTES));
        int count = channel.read(incoming);
        if (count > 0) {
            incoming.flip().get(bytes, from, count);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void reset() throws IOException {
        // With nothing to linger for, the kernel sends RST.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
