package io.forebay.blob.azure.plane;

import io.forebay.blob.azure.plane.Watchdog.Watch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one server. All handshakes share their sessions.
 *
 * <p>Looking up the host's name is the one wait that is not broken off at the deadline: the resolver has limits of its own.
 *
 * @param tls null if none is spoken
 */
record SocketDialer(Origin origin, @Nullable TlsEngines tls) implements ConnectionPool.Dialer {
    /** Three SYN packets (1 s, 2 s and 4 s apart) and some. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** Tries each of the host's addresses in turn. */
    @Override
    public Connection dial(Watch watch) throws IOException {
        IOException first = null;
        for (InetAddress address : InetAddress.getAllByName(origin.host())) {
            watch.check();
            try {
                return dial(new InetSocketAddress(address, origin.port()), watch);
            } catch (AsynchronousCloseException timeIsUp) {
                watch.check();
                throw timeIsUp;
            } catch (IOException unreachable) {
                first = first == null ? unreachable : first;
            }
        }
        throw first == null ? new UnknownHostException(origin.host()) : first;
    }

    private Connection dial(InetSocketAddress address, Watch watch) throws IOException {
        SocketChannel channel = SocketChannel.open();
        boolean connected = false;
        try {
            watch.guard(() -> PlainWire.abandon(channel), CONNECT_LIMIT);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.connect(address);
            Wire wire = tls == null ? new PlainWire(channel) : TlsWire.handshake(channel, tls, origin);
            Connection connection = new Connection(wire, watch);
            connection.beginCall(watch);
            connected = true;
            return connection;
        } finally {
            if (!connected) {
                PlainWire.abandon(channel);
            }
        }
    }
}
