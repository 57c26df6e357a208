package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.FailureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@link ScratchTree} that is mounted through the kernel door. Closing it unmounts, by force if need be. */
final class MountedTree implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final DoorSettings SETTINGS = new DoorSettings(
            "scratch", false, true, false, true, true, Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO);

    final ScratchTree tree;
    final Path point;
    final KernelDoor door;
    final Metrics metrics = new Metrics();

    private final CompletableFuture<Void> served = new CompletableFuture<>();

    private MountedTree(ScratchTree tree, Path point, DoorSettings settings, KernelSettings kernelSettings) {
        this.tree = tree;
        this.point = point;
        this.door = new KernelDoor(tree, settings, kernelSettings, new FailureReport(metrics), Clock.system());
    }

    static KernelSettings kernelSettings() {
        return KernelSettings.defaults(2);
    }

    static MountedTree mount(Path scratch) throws Exception {
        return mount(newTree(scratch), scratch, SETTINGS, kernelSettings());
    }

    static ScratchTree newTree(Path scratch) throws IOException {
        return new ScratchTree(Files.createDirectories(scratch.resolve("content")));
    }

    static MountedTree mount(ScratchTree tree, Path scratch, DoorSettings settings, KernelSettings kernelSettings)
            throws Exception {
        Path point = Files.createDirectories(scratch.resolve("mount")).toRealPath();
        MountedTree mounted = new MountedTree(tree, point, settings, kernelSettings);
        try {
            mounted.start();
        } catch (Exception | Error failure) {
            mounted.close();
            throw failure;
        }
        return mounted;
    }

    private void start() throws Exception {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Thread.ofPlatform().name("door").daemon().start(() -> {
            try {
                door.serve(point, () -> ready.complete(null));
                served.complete(null);
            } catch (ForebayException | RuntimeException | Error failure) {
                ready.completeExceptionally(failure);
                served.completeExceptionally(failure);
            }
        });
        ready.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    Path path(String name) {
        return point.resolve(name);
    }

    /** Waits for the door to return, as it must once the mount is gone. */
    void awaitServed() throws InterruptedException, TimeoutException, ExecutionException {
        served.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    boolean isServed() {
        return served.isDone();
    }

    void assertNothingUnexpected() {
        if (metrics.value(Metric.UNEXPECTED_ERRORS) != 0) {
            throw new AssertionError("unexpected errors: " + metrics);
        }
    }

    /** Unmounts and waits; a mount whose users do not leave is ended by force, so that no test hangs on it. */
    @Override
    public void close() throws IOException {
        Optional<String> device = MountTable.deviceAt(point.toString());
        try {
            door.unmount();
            if (device.isPresent()) {
                awaitServed();
            }
        } catch (ExecutionException | TimeoutException failure) {
            throw new AssertionError("the door did not end well", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            MountCalls.unmount(point.toString(), true);
            tree.close();
        }
    }
}
