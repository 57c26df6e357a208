package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.forebay.fs.ChangeListener;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications in order, each once however often it was asked for meanwhile. When more are waiting than there is
 * room for, new ones are dropped and counted: the kernel then believes what it knows until its timeout.
 */
final class NotificationQueue implements ChangeListener, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(NotificationQueue.class);

    private static final int NOTIFY_INVAL_INODE = 2;
    private static final int NOTIFY_INVAL_ENTRY = 3;
    private static final int ENOENT = 2;

    private final MessageChannel channel;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by {@link #lock}, as is what follows. */
    private final LinkedHashSet<Notification> waiting = new LinkedHashSet<>();

    private boolean closed;
    private long dropped;

    /** @param limit how many notifications may wait */
    NotificationQueue(MessageChannel channel, int limit) {
        this.channel = channel;
        this.limit = limit;
    }

    private sealed interface Notification {
        record Name(long parent, String name) implements Notification {}

        record Content(long inode) implements Notification {}

        record Attributes(long inode) implements Notification {}
    }

    @Override
    public void nameChanged(long parent, String name) {
        add(new Notification.Name(parent, name));
    }

    @Override
    public void contentChanged(long inode) {
        add(new Notification.Content(inode));
    }

    @Override
    public void attributesChanged(long inode) {
        add(new Notification.Attributes(inode));
    }

    /** There must be room for what is more important. */
    @Override
    public void nameUnwanted(long parent, String name) {
        lock.lock();
        try {
            if (waiting.size() < limit / 2) {
                waiting.add(new Notification.Name(parent, name));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(Notification notification) {
        lock.lock();
        try {
            if (waiting.contains(notification)) {
                return;
            }
            if (waiting.size() < limit) {
                waiting.add(notification);
                changed.signal();
            } else if (dropped++ == 0) {
                LOG.warn("notifications dropped, the kernel may believe outdated names limit={}", limit);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notifications that were dropped so far. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Whether none waits; one may still be on its way. */
    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Sends until {@link #close}. */
    @Override
    public void run() {
        @Nullable Notification next = next();
        while (next != null) {
            send(next);
            next = next();
        }
    }

    private @Nullable Notification next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return closed ? null : waiting.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Ends {@link #run}; what still waits is of no interest to a mount that is gone. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void send(Notification notification) {
        try (Arena arena = Arena.ofConfined()) {
            long sent = channel.write(encode(notification, arena), NativeFunction.newState(arena));
            // The kernel says ENOENT for what it does not remember, and that is as good.
            if (sent < 0 && sent != -ENOENT) {
                LOG.debug("notification not taken notification={} errno={}", notification, -sent);
            }
        }
    }

    private static MemorySegment encode(Notification notification, Arena arena) {
        return switch (notification) {
            case Notification.Name name -> entry(name, arena);
            // Offset 0 and length 0: to the end. A negative offset: attributes only.
            case Notification.Content content -> inode(content.inode(), 0, arena);
            case Notification.Attributes attributes -> inode(attributes.inode(), -1, arena);
        };
    }

    private static MemorySegment inode(long inode, long offset, Arena arena) {
        MemorySegment message = arena.allocate(Wire.OutHeader.SIZE + Wire.NotifyInvalInodeOut.SIZE, Long.BYTES);
        Messages.header(message, NOTIFY_INVAL_INODE, 0);
        MemorySegment body = message.asSlice(Wire.OutHeader.SIZE);
        body.set(JAVA_LONG, Wire.NotifyInvalInodeOut.INO, inode);
        body.set(JAVA_LONG, Wire.NotifyInvalInodeOut.OFF, offset);
        return message;
    }

    private static MemorySegment entry(Notification.Name notification, Arena arena) {
        byte[] name = notification.name().getBytes(StandardCharsets.UTF_8);
        int nameAt = Wire.NotifyInvalEntryOut.SIZE;
        // The name ends with a zero byte that its length does not count.
        MemorySegment message = arena.allocate(Wire.OutHeader.SIZE + nameAt + name.length + 1L, Long.BYTES);
        Messages.header(message, NOTIFY_INVAL_ENTRY, 0);
        MemorySegment body = message.asSlice(Wire.OutHeader.SIZE);
        body.set(JAVA_LONG, Wire.NotifyInvalEntryOut.PARENT, notification.parent());
        body.set(JAVA_INT, Wire.NotifyInvalEntryOut.NAMELEN, name.length);
        MemorySegment.copy(name, 0, body, JAVA_BYTE, nameAt, name.length);
        return message;
    }
}
