package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.base.time.Clock;
import io.forebay.fs.BackingFiles;
import io.forebay.fs.ChangeSource;
import io.forebay.fs.Door;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.FailureReport;
import io.forebay.fs.FileSystemOperations;
import io.forebay.fs.LocalAnswers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The door that speaks the kernel's own protocol on {@code /dev/fuse}.
 *
 * <p>A tree that is also {@link LocalAnswers} is answered faster, one that is also {@link BackingFiles} lets the kernel
 * read and write complete files itself, and what one that is also {@link ChangeSource} tells, the kernel is told.
 */
public final class KernelDoor implements Door {
    private final FileSystemOperations tree;
    private final DoorSettings settings;
    private final KernelSettings kernelSettings;
    private final FailureReport failures;
    private final Clock clock;

    private final Object lock = new Object();
    /** Guarded by {@link #lock}, as is what follows. */
    private @Nullable KernelMount mount;

    private boolean unwanted;

    public KernelDoor(
            FileSystemOperations tree,
            DoorSettings settings,
            KernelSettings kernelSettings,
            FailureReport failures,
            Clock clock) {
        this.tree = tree;
        this.settings = settings;
        this.kernelSettings = kernelSettings;
        this.failures = failures;
        this.clock = clock;
    }

    /** Whether this machine has the device; a mount may still be refused. */
    public static boolean isAvailable() {
        return Files.exists(Path.of(FuseDevice.PATH));
    }

    /** Takes a mount out of the tree that no door serves any more. It is not an error if nothing is mounted there. */
    public static void detach(Path mountPoint) throws ForebayException {
        Attachment.detach(mountPoint.toAbsolutePath().normalize());
    }

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public void serve(Path mountPoint, Runnable onReady) throws ForebayException {
        KernelMount mine = new KernelMount(resolved(mountPoint), tree, settings, kernelSettings, failures, clock);
        synchronized (lock) {
            if (mount != null) {
                throw new IllegalStateException("a door serves one mount, once");
            }
            if (unwanted) {
                return;
            }
            mount = mine;
        }
        mine.serve(onReady);
    }

    /** Without symbolic links, as the mount table will show it. */
    private static Path resolved(Path mountPoint) throws ForebayException {
        try {
            return mountPoint.toRealPath();
        } catch (IOException failure) {
            throw new ForebayException.NotFound(
                    "cannot mount at " + mountPoint + ": " + LocalDisk.reason(failure), failure);
        }
    }

    @Override
    public void unmount() {
        @Nullable KernelMount mine;
        synchronized (lock) {
            unwanted = true;
            mine = mount;
        }
        if (mine != null) {
            mine.unmount();
        }
    }
}
