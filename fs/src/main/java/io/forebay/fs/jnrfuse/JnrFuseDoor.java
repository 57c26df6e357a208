package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.fs.Door;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.ExtendedAttributes;
import io.forebay.fs.FailureReport;
import io.forebay.fs.FileSystemOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ru.serce.jnrfuse.FuseException;

/**
 * The door through jnr-fuse and libfuse 2: works wherever {@code libfuse.so.2} and {@code fusermount} do.
 *
 * <p>libfuse's own multi-threaded loop calls in, on threads that it makes as it needs them; requests are 128 KiB at
 * most, which is as much as libfuse 2 can do.
 */
public final class JnrFuseDoor implements Door {
    private static final Logger LOG = LoggerFactory.getLogger(JnrFuseDoor.class);

    private static final int REQUEST_BYTES = 128 << 10;
    private static final Duration UNMOUNT_LIMIT = Duration.ofSeconds(20);

    private final FileSystemOperations tree;
    private final DoorSettings settings;
    private final FailureReport failures;
    private final Clock clock;
    private final AtomicBoolean serving = new AtomicBoolean();
    private volatile @Nullable Path mountPoint;

    public JnrFuseDoor(FileSystemOperations tree, DoorSettings settings, FailureReport failures, Clock clock) {
        this.tree = tree;
        this.settings = settings;
        this.failures = failures;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "jnr-fuse";
    }

    @Override
    public void serve(Path mountAt, Runnable onReady) throws ForebayException {
        if (!serving.compareAndSet(false, true)) {
            throw new IllegalStateException("a door serves one mount, once");
        }
        mountPoint = mountAt;
        AtomicBoolean ready = new AtomicBoolean();
        try {
            LibFuseCalls calls = calls(() -> {
                ready.set(true);
                onReady.run();
            });
            calls.mount(mountAt, true, false, options());
        } catch (UnsatisfiedLinkError missing) {
            throw new ForebayException.Unsupported(
                    "libfuse.so.2 cannot be loaded: install libfuse2 (on newer distributions libfuse2t64)", missing);
        } catch (FuseException failed) {
            if (!ready.get()) {
                throw new ForebayException.InvalidArgument(
                        "libfuse could not mount at " + mountAt + ": see its own message above", failed);
            }
            LOG.warn("the mount ended with an error mountpoint={}", mountAt, failed);
        } finally {
            mountPoint = null;
        }
    }

    private LibFuseCalls calls(Runnable onReady) {
        Answer answer = new Answer(failures);
        return settings.extendedAttributes() && tree instanceof ExtendedAttributes kept
                ? new LibFuseXattrCalls(tree, kept, answer, clock, onReady)
                : new LibFuseCalls(tree, answer, clock, onReady);
    }

    private String[] options() {
        List<String> options = new ArrayList<>(List.of(
                "fsname=" + settings.fsName(),
                "subtype=" + DoorSettings.SUBTYPE,
                "big_writes",
                "max_read=" + REQUEST_BYTES,
                "max_write=" + REQUEST_BYTES,
                "nosuid",
                "nodev",
                "attr_timeout=" + seconds(settings.attributeTimeout()),
                "entry_timeout=" + seconds(settings.entryTimeout()),
                "negative_timeout=" + seconds(settings.negativeTimeout())));
        addIf(settings.readOnly(), "ro", options);
        addIf(settings.allowOther(), "allow_other", options);
        addIf(settings.allowRoot(), "allow_root", options);
        addIf(settings.defaultPermissions(), "default_permissions", options);
        return new String[] {"-o", String.join(",", options)};
    }

    private static void addIf(boolean wanted, String option, List<String> options) {
        if (wanted) {
            options.add(option);
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    @Override
    public void unmount() {
        Path mounted = mountPoint;
        if (mounted == null) {
            return;
        }
        for (String command : List.of("fusermount3", "fusermount")) {
            if (run(command, "-u", "-z", mounted.toString())) {
                return;
            }
        }
        // Root needs neither of them to mount.
        if (mountPoint != null && !run("umount", "-l", mounted.toString())) {
            LOG.error("cannot unmount mountpoint={} action=run fusermount3 -uz", mounted);
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(UNMOUNT_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException missing) {
            LOG.debug("cannot run command={}", command[0], missing);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
