package io.forebay.blob.azure.plane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS on a socket. Records are taken from the socket many at a time, and decrypted straight into the reader's buffer.
 */
final class TlsWire implements Wire {
    /** Some eight records of 16 KiB: one system call for all of them. */
    private static final int WIRE_BUFFER_BYTES = 136 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final SocketChannel channel;
    private final TlsEngines engines;
    private final SSLEngine engine;
    private final AtomicBoolean released = new AtomicBoolean();
    private final int recordBytes;
    /** Encrypted bytes that arrived, ready to be read. */
    private final ByteBuffer arrived;
    /** Encrypted bytes to be sent; empty between calls. */
    private final ByteBuffer leaving;

    private TlsWire(SocketChannel channel, TlsEngines engines, SSLEngine engine) {
        this.channel = channel;
        this.engines = engines;
        this.engine = engine;
        this.recordBytes = engine.getSession().getPacketBufferSize();
        this.arrived = engines.newBuffer(WIRE_BUFFER_BYTES).limit(0);
        this.leaving = engines.newBuffer(WIRE_BUFFER_BYTES);
    }

    /** Agrees on keys with the server, and checks that it is who it should be. */
    static TlsWire handshake(SocketChannel channel, TlsEngines engines, Origin server) throws IOException {
        TlsWire wire = new TlsWire(channel, engines, engines.create(server.host(), server.port()));
        boolean agreed = false;
        try {
            wire.engine.beginHandshake();
            wire.negotiate();
            agreed = true;
            return wire;
        } finally {
            if (!agreed) {
                wire.close();
            }
        }
    }

    private void negotiate() throws IOException {
        // The server sends no application data before its side of the handshake is done; a ticket at most.
        ByteBuffer none = newBuffer(recordBytes);
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> write(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrapHandshake(none);
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void unwrapHandshake(ByteBuffer none) throws IOException {
        SSLEngineResult result = engine.unwrap(arrived, none);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("the server ended the handshake");
        }
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW && !receive()) {
            throw new SSLException("the connection ended in the handshake");
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int before = into.position();
        while (true) {
            SSLEngineResult result = engine.unwrap(arrived, into);
            int taken = into.position() - before;
            switch (result.getStatus()) {
                case OK -> afterRecord(result.getHandshakeStatus());
                case CLOSED -> {
                    return taken > 0 ? taken : -1;
                }
                case BUFFER_OVERFLOW -> {
                    if (taken == 0) {
                        throw new SSLException("a record is larger than the buffer for it");
                    }
                    return taken;
                }
                case BUFFER_UNDERFLOW -> {
                    if (taken > 0) {
                        return taken;
                    }
                    if (!receive()) {
                        return -1;
                    }
                }
            }
        }
    }

    /** Answers what a record may ask for beside its data, as a change of keys does. */
    private void afterRecord(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            write(NOTHING);
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        do {
            SSLEngineResult result = engine.wrap(bytes, leaving);
            switch (result.getStatus()) {
                case CLOSED -> throw new SSLException("the server ended the connection");
                case BUFFER_UNDERFLOW -> throw new SSLException("no engine lacks bytes to send");
                case BUFFER_OVERFLOW -> flush();
                case OK -> {
                    if (leaving.remaining() < recordBytes) {
                        flush();
                    }
                }
            }
        } while (bytes.hasRemaining());
        flush();
    }

    private void flush() throws IOException {
        leaving.flip();
        try {
            while (leaving.hasRemaining()) {
                channel.write(leaving);
            }
        } finally {
            leaving.clear();
        }
    }

    private boolean receive() throws IOException {
        arrived.compact();
        try {
            return channel.read(arrived) >= 0;
        } finally {
            arrived.flip();
        }
    }

    /** What arrives unasked may be a ticket for the next handshake; what else it is shows at the next read. */
    @Override
    public Optional<WritableByteChannel> fileTarget() {
        return Optional.empty();
    }

    @Override
    public boolean isQuiet() throws IOException {
        arrived.compact();
        try {
            return PlainWire.peek(channel, arrived) >= 0;
        } finally {
            arrived.flip();
        }
    }

    @Override
    public ByteBuffer newBuffer(int capacityBytes) {
        return engines.newBuffer(capacityBytes);
    }

    /** Without a last word: the server learns it from the socket, and no request is under way that could be cut short. */
    @Override
    public void close() {
        PlainWire.abandon(channel);
        if (!released.getAndSet(true)) {
            engines.release(engine);
        }
    }
}
