package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.cli.mount.DaemonProcess;
import io.forebay.cli.mount.MountCompanion;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a mount takes the requests of commands: see the essay of this package. */
public final class ControlEndpoint implements MountCompanion {
    private static final Logger LOG = LoggerFactory.getLogger(ControlEndpoint.class);

    /** More than one operator has terminals for; each costs some kilobytes and the work that it asks for. */
    private static final int MAX_CONNECTIONS = 16;

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final ControlSockets sockets;
    private final DaemonProcess process;
    private final Supplier<Steering> steering;
    private final Metrics metrics;
    private final Clock clock;
    private final Semaphore slots = new Semaphore(MAX_CONNECTIONS);
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();
    /** Guarded by {@link #lock}, like what follows. */
    private @Nullable ServerSocketChannel channel;

    private boolean closed;

    /** @param steering what to do with requests; asked for when there is one */
    public ControlEndpoint(
            ControlSockets sockets, DaemonProcess process, Supplier<Steering> steering, Metrics metrics, Clock clock) {
        this.sockets = sockets;
        this.process = process;
        this.steering = steering;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void open() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            try {
                ServerSocketChannel listening = sockets.listen(process, MAX_CONNECTIONS);
                channel = listening;
                Thread.ofPlatform().daemon().name("control").start(() -> acceptAll(listening));
            } catch (IOException failed) {
                LOG.warn("no command can reach this mount reason={}", failed.getMessage());
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed || channel == null) {
                closed = true;
                return;
            }
            closed = true;
            try {
                channel.close();
            } catch (IOException _) {
                // It takes no more connections in any case.
            }
        }
        sockets.remove(process);
        wires.forEach(Wire::close);
        try {
            if (!slots.tryAcquire(MAX_CONNECTIONS, END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a control request does not end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll(ServerSocketChannel listening) {
        while (true) {
            try {
                accept(new Wire(listening.accept()));
            } catch (ClosedChannelException end) {
                return;
            } catch (IOException failed) {
                LOG.warn("a control connection was not accepted reason={}", failed.getMessage());
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private boolean pause() {
        try {
            clock.sleep(PAUSE_AFTER_FAILURE);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void accept(Wire wire) {
        if (!slots.tryAcquire()) {
            Thread.ofVirtual().start(() -> {
                try (wire) {
                    refuse(wire, "the mount is busy with other commands; try again later");
                }
            });
            return;
        }
        wires.add(wire);
        Thread.ofVirtual().name("control").start(() -> {
            try (wire) {
                converse(wire);
            } finally {
                wires.remove(wire);
                slots.release();
            }
        });
        if (isClosed()) { // it was accepted, but too late for being closed with the others
            wire.close();
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void converse(Wire wire) {
        try {
            new Conversation(wire, steering.get(), metrics).answer(receive(wire));
        } catch (ForebayException refusal) {
            refuse(wire, refusal.getMessage());
        } catch (IOException gone) {
            LOG.debug("a control connection ended early reason={}", gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The request, if it comes in time. */
    private Request receive(Wire wire) throws IOException {
        return withLimit(wire, () -> Request.receiveFrom(wire));
    }

    private void refuse(Wire wire, String reason) {
        try {
            withLimit(wire, () -> {
                wire.send(Message.of(Answers.REFUSED, "reason", reason));
                wire.hearOut();
                return reason;
            });
        } catch (IOException gone) {
            LOG.debug("nobody heard why a control request was refused reason={}", gone.getMessage());
        }
    }

    /** Something that the other side could make last for ever. */
    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws IOException;
    }

    private <T> T withLimit(Wire wire, Exchange<T> exchange) throws IOException {
        Thread limit = Thread.ofVirtual().start(() -> {
            try {
                clock.sleep(REQUEST_LIMIT);
                wire.close();
            } catch (InterruptedException _) {
                // It ended in time.
            }
        });
        try {
            return exchange.run();
        } finally {
            limit.interrupt();
        }
    }
}
