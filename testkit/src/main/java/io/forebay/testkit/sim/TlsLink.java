package io.forebay.testkit.sim;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A TLS connection, over one that was accepted; the handshake happens at the first byte. */
final class TlsLink implements Link {
    private static final int WRITE_BYTES = 64 << 10;

    private final Socket plain;
    private final SSLSocket encrypted;
    private final byte[] outgoing = new byte[WRITE_BYTES];

    TlsLink(Socket plain, SSLSocketFactory factory) throws IOException {
        this.plain = plain;
        plain.setTcpNoDelay(true);
        encrypted = (SSLSocket) factory.createSocket(plain, null, plain.getPort(), /* autoClose= */ true);
        encrypted.setUseClientMode(false);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        return encrypted.getInputStream().read(bytes, from, length);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), WRITE_BYTES);
            bytes.get(outgoing, 0, count);
            encrypted.getOutputStream().write(outgoing, 0, count);
        }
    }

    @Override
    public void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    @Override
    public void close() throws IOException {
        encrypted.close();
    }
}
