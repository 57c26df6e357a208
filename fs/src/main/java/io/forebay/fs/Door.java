package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.nio.file.Path;

/**
 * A way for the kernel to reach a tree: it mounts, translates requests and answers them, until it is unmounted.
 *
 * <p>A door serves one mount, once. Closing the tree behind it is its owner's work, after {@link #serve} has returned.
 */
public interface Door {
    /** What people call it: {@code kernel}, {@code jnr-fuse}. */
    String name();

    /**
     * Mounts at {@code mountPoint} and serves until somebody unmounts it.
     *
     * @param onReady called once, by any thread, when the kernel has accepted the mount; it must not touch the mount
     *     itself unless it does so from a thread that serves nothing
     * @throws ForebayException if it could not be mounted; nothing is mounted then, and {@code onReady} was not called
     */
    void serve(Path mountPoint, Runnable onReady) throws ForebayException;

    /**
     * Detaches the mount, lazily where it is busy, so that {@link #serve} returns as soon as its last user is gone. It
     * does nothing where nothing is mounted any more.
     */
    void unmount();
}
