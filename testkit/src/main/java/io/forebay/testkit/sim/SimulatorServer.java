package io.forebay.testkit.sim;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Listens on the loopback interface, and gives each connection a thread of its own.
 *
 * <p>They are platform threads: a blocking write of a mebibyte is then one system call, where a virtual thread would go
 * through a poller. Clients have tens of connections, not thousands.
 */
final class SimulatorServer implements Closeable {
    /** A client that opens hundreds at once, as some do, must not be refused. */
    private static final int BACKLOG = 1_024;

    private final ServerSocketChannel listening;
    private final Store store;
    private final @Nullable SSLSocketFactory encryption;

    private SimulatorServer(ServerSocketChannel listening, Store store, @Nullable SSLSocketFactory encryption) {
        this.listening = listening;
        this.store = store;
        this.encryption = encryption;
    }

    /** @param port or 0 for any that is free */
    static SimulatorServer listen(int port, Store store, @Nullable SSLSocketFactory encryption) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        try {
            listening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
            return new SimulatorServer(listening, store, encryption);
        } catch (IOException failed) {
            listening.close();
            throw failed;
        }
    }

    int port() {
        return listening.socket().getLocalPort();
    }

    /** Takes connections until it is closed. */
    void run() throws IOException {
        while (listening.isOpen()) {
            SocketChannel accepted = listening.accept();
            Thread.ofPlatform().daemon().name("connection").start(() -> serve(accepted));
        }
    }

    private void serve(SocketChannel accepted) {
        store.counters().connected();
        try (accepted;
                Link link = link(accepted)) {
            new Conversation(store, link).run();
        } catch (IOException clientGone) {
            // Clients break off requests as they like, and faults break them off too; the counters tell of both.
        } finally {
            store.counters().disconnected();
        }
    }

    private Link link(SocketChannel accepted) throws IOException {
        return encryption == null ? new PlainLink(accepted) : new TlsLink(accepted.socket(), encryption);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
