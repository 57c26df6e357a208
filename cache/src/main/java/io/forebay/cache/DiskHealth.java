package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one cache disk still works. The first failure that is the disk's own, and not a lack of room, takes it out for
 * the rest of this process.
 */
final class DiskHealth {
    private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);

    /** What the system says of a disk that no repetition helps; EIO, EROFS, ENODEV, ENXIO, ESTALE, EUCLEAN, EREMOTEIO. */
    private static final List<String> BROKEN = List.of(
            "input/output error",
            "read-only file system",
            "no such device",
            "stale file handle",
            "structure needs cleaning",
            "remote i/o error",
            "transport endpoint is not connected");

    private final Path folder;
    /** Is there for as long as the disk is. */
    private final Path landmark;

    private final StableStorage storage;
    private final Metrics metrics;

    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    DiskHealth(Path folder, Path landmark, StableStorage storage, Metrics metrics) {
        this.folder = folder;
        this.landmark = landmark;
        this.storage = storage;
        this.metrics = metrics;
    }

    StableStorage storage() {
        return storage;
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    /** What the system said when it failed; empty if it has not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Fails if the disk has. */
    void check() throws ForebayException {
        String reason = failure.get();
        if (reason != null) {
            throw gone(reason, null);
        }
    }

    /** Notes what an I/O failure says of the disk, and says what it means to the caller. */
    ForebayException failed(String what, Path where, IOException problem) {
        if (problem instanceof ForebayException already) {
            return already;
        }
        if (isTheDisks(problem)) {
            takeOut(LocalDisk.reason(problem).toLowerCase(Locale.ROOT));
        }
        String reason = failure.get();
        return reason == null ? LocalDisk.failed(what, where, problem) : gone(reason, problem);
    }

    /** Whether the folder is there no more; then the disk is taken out. */
    boolean isGone() {
        boolean gone = !Files.exists(landmark);
        if (gone) {
            takeOut("there is no such folder any more");
        }
        return gone;
    }

    private boolean isTheDisks(IOException problem) {
        String text = LocalDisk.reason(problem).toLowerCase(Locale.ROOT);
        if (BROKEN.stream().anyMatch(text::contains)) {
            return true;
        }
        return problem instanceof NoSuchFileException && !Files.exists(landmark);
    }

    private void takeOut(String reason) {
        if (failure.compareAndSet(null, reason)) {
            metrics.increment(Metric.FAILED_DISKS);
            LOG.warn(
                    "cache disk taken out, its content is fetched again as it is needed cache_path={} reason={}",
                    folder,
                    reason);
        }
    }

    private ForebayException gone(String reason, @Nullable IOException problem) {
        return new ForebayException.Unavailable(
                "the disk of the cache path " + folder + " has failed: " + reason
                        + "; repair it and mount again, or name another one with --cache-path",
                problem);
    }
}
