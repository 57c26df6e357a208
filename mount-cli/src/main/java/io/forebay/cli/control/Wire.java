package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection between a command and a mount, as messages. One thread may read it and another one write. */
final class Wire implements AutoCloseable {
    /** A path of 4,096 bytes, each written as three characters, and some words. */
    private static final int MAX_LINE_BYTES = 16 << 10;

    /** More than a command line can hold. */
    private static final long MAX_IGNORED_BYTES = 8 << 20;

    private final SocketChannel channel;
    private final InputStream in;

    Wire(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    void send(Message message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((message.line() + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * The next message; null if there will be none.
     *
     * @throws ForebayException.InvalidArgument if it is too long, or none
     */
    @Nullable
    Message receive() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new ForebayException.InvalidArgument("a line of the control protocol is longer than allowed");
            }
            line.write(next);
        }
        return Message.parse(line.toString(StandardCharsets.UTF_8));
    }

    /**
     * Says no more, and reads what the other side still says: Linux would else take away from it what was said last. Up
     * to a limit, behind which it is its own fault.
     */
    void hearOut() throws IOException {
        channel.shutdownOutput();
        byte[] ignored = new byte[MAX_LINE_BYTES];
        long heard = 0;
        for (int count = in.read(ignored); count >= 0 && heard < MAX_IGNORED_BYTES; count = in.read(ignored)) {
            heard += count;
        }
    }

    /** Ends what others read or write here at this moment, too. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // There is nobody left who could be told.
        }
    }
}
