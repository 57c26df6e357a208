package io.forebay.testkit.sim;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The least that a client can do: one request behind the other on a socket, and what comes into a file. */
enum BareClient {
    PLAIN(true),
    /** The JDK's engine, with arrays. */
    JSSE(false),
    /** The same with memory outside the heap. */
    JSSE_DIRECT(true),
    /** Netty's BoringSSL, if it is on the class path. */
    BORINGSSL(true);

    private static final int BODY_BUFFER_BYTES = 256 << 10;
    private static final int WIRE_BUFFER_BYTES = 280 << 10;

    private final boolean direct;

    BareClient(boolean direct) {
        this.direct = direct;
    }

    boolean isHere() {
        if (this != BORINGSSL) {
            return true;
        }
        try {
            return (boolean) Class.forName("io.netty.handler.ssl.OpenSsl")
                    .getMethod("isAvailable")
                    .invoke(null);
        } catch (ReflectiveOperationException | LinkageError notThere) {
            return false;
        }
    }

    private ByteBuffer buffer(int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    Lane connect(int port, @Nullable Path certificate) throws Exception {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Lane lane = new Lane(
                channel,
                this == PLAIN ? null : engine(port, Objects.requireNonNull(certificate)),
                buffer(BODY_BUFFER_BYTES),
                buffer(WIRE_BUFFER_BYTES).limit(0),
                buffer(WIRE_BUFFER_BYTES));
        lane.handshake();
        return lane;
    }

    private SSLEngine engine(int port, Path certificate) throws Exception {
        SSLEngine engine = this == BORINGSSL ? boring(port, certificate) : jdk(port, certificate);
        engine.setUseClientMode(true);
        return engine;
    }

    private static SSLEngine jdk(int port, Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.createSSLEngine("127.0.0.1", port);
    }

    /** {@code SslContextBuilder.forClient().sslProvider(OPENSSL).trustManager(file).build().newEngine(DEFAULT, host, port)}. */
    private static SSLEngine boring(int port, Path certificate) throws Exception {
        Class<?> builderClass = Class.forName("io.netty.handler.ssl.SslContextBuilder");
        Class<?> providers = Class.forName("io.netty.handler.ssl.SslProvider");
        Object builder = builderClass.getMethod("forClient").invoke(null);
        builderClass
                .getMethod("sslProvider", providers)
                .invoke(builder, providers.getField("OPENSSL").get(null));
        builderClass.getMethod("trustManager", java.io.File.class).invoke(builder, certificate.toFile());
        Object context = builderClass.getMethod("build").invoke(builder);
        Class<?> allocators = Class.forName("io.netty.buffer.ByteBufAllocator");
        return (SSLEngine) Class.forName("io.netty.handler.ssl.SslContext")
                .getMethod("newEngine", allocators, String.class, int.class)
                .invoke(context, allocators.getField("DEFAULT").get(null), "127.0.0.1", port);
    }

    /** One connection. */
    static final class Lane {
        private final SocketChannel channel;
        private final @Nullable SSLEngine engine;
        private final ByteBuffer body;
        private final ByteBuffer arrived;
        private final ByteBuffer leaving;

        Lane(
                SocketChannel channel,
                @Nullable SSLEngine engine,
                ByteBuffer body,
                ByteBuffer arrived,
                ByteBuffer leaving) {
            this.channel = channel;
            this.engine = engine;
            this.body = body;
            this.arrived = arrived;
            this.leaving = leaving;
        }

        void handshake() throws IOException {
            if (engine == null) {
                return;
            }
            engine.beginHandshake();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK ->
                        Objects.requireNonNull(engine.getDelegatedTask()).run();
                    case NEED_WRAP -> write(ByteBuffer.allocate(0));
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        body.clear();
                        if (engine.unwrap(arrived, body).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                            receive(arrived);
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        return;
                    }
                }
            }
        }

        void get(String path, long offset, int length, FileChannel out) throws IOException {
            String head =
                    "GET " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\nx-ms-version: 2023-11-03\r\nx-ms-range: bytes="
                            + offset + "-" + (offset + length - 1) + "\r\n\r\n";
            write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            skipHead();
            long at = offset;
            long end = offset + length;
            while (true) {
                while (body.hasRemaining()) {
                    at += out.write(body, at);
                }
                if (at >= end) {
                    return;
                }
                body.clear();
                read();
                body.flip();
            }
        }

        /** Leaves the body's beginning in the buffer. */
        private void skipHead() throws IOException {
            body.clear();
            StringBuilder head = new StringBuilder();
            while (true) {
                read();
                body.flip();
                while (body.hasRemaining()) {
                    head.append((char) body.get());
                    int last = head.length();
                    if (last >= 4 && head.indexOf("\r\n\r\n", last - 4) >= 0) {
                        if (!head.toString().toUpperCase(Locale.ROOT).startsWith("HTTP/1.1 206")) {
                            throw new IOException(head.toString());
                        }
                        return;
                    }
                }
                body.clear();
            }
        }

        private void read() throws IOException {
            if (engine == null) {
                receiveInto(body);
                return;
            }
            int before = body.position();
            while (true) {
                switch (engine.unwrap(arrived, body).getStatus()) {
                    case OK -> {}
                    case BUFFER_OVERFLOW -> {
                        return;
                    }
                    case BUFFER_UNDERFLOW -> {
                        if (body.position() > before) {
                            return;
                        }
                        receive(arrived);
                    }
                    case CLOSED -> throw new EOFException("closed");
                }
            }
        }

        private void receive(ByteBuffer into) throws IOException {
            into.compact();
            receiveInto(into);
            into.flip();
        }

        private void receiveInto(ByteBuffer into) throws IOException {
            if (channel.read(into) < 0) {
                throw new EOFException("closed");
            }
        }

        private void write(ByteBuffer bytes) throws IOException {
            if (engine == null) {
                channel.write(bytes);
                return;
            }
            leaving.clear();
            engine.wrap(bytes, leaving);
            leaving.flip();
            while (leaving.hasRemaining()) {
                channel.write(leaving);
            }
        }
    }
}
