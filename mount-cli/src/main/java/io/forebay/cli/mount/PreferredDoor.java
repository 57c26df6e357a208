package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Door;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first of two doors, and the other where this machine does not support the first. Which it is shows only when the
 * kernel is spoken to, since distributions give old kernels newer protocols.
 */
public final class PreferredDoor implements Door {
    private static final Logger LOG = LoggerFactory.getLogger(PreferredDoor.class);

    private final Supplier<Door> other;
    private final Object lock = new Object();

    /** The one that is taken; guarded by {@link #lock}, as is what follows. */
    private Door taken;

    private boolean unwanted;

    /** @param other makes the second choice, which is not even loaded until it is needed */
    public PreferredDoor(Door first, Supplier<Door> other) {
        this.taken = first;
        this.other = other;
    }

    @Override
    public String name() {
        return taken().name();
    }

    @Override
    public void serve(Path mountPoint, Runnable onReady) throws ForebayException {
        AtomicBoolean accepted = new AtomicBoolean();
        try {
            taken().serve(mountPoint, () -> {
                accepted.set(true);
                onReady.run();
            });
        } catch (ForebayException.Unsupported notHere) {
            if (accepted.get()) {
                throw notHere;
            }
            serveByOther(mountPoint, onReady, notHere);
        }
    }

    private void serveByOther(Path mountPoint, Runnable onReady, ForebayException notHere) throws ForebayException {
        Door second = other.get();
        synchronized (lock) {
            if (unwanted) {
                return;
            }
            LOG.warn("taking another door door={} not={} reason={}", second.name(), name(), notHere.getMessage());
            taken = second;
        }
        try {
            second.serve(mountPoint, onReady);
        } catch (ForebayException.Unsupported neither) {
            throw new ForebayException.Unsupported(
                    notHere.getMessage() + "; nor can the door " + second.name() + " be had: " + neither.getMessage(),
                    notHere);
        }
    }

    @Override
    public void unmount() {
        synchronized (lock) {
            unwanted = true;
        }
        taken().unmount();
    }

    private Door taken() {
        synchronized (lock) {
            return taken;
        }
    }
}
