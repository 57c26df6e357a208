package io.forebay.nativetests.ground;

import io.forebay.testkit.sim.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One mount of a store's container, which is taken away in every case. */
public final class ForebayMount implements AutoCloseable {
    private static final Duration DAEMON_END_LIMIT = Duration.ofSeconds(20);

    private final Forebay forebay;
    private final Path mountPoint;
    private final List<String> options;
    private List<ProcessHandle> daemons = List.of();

    private ForebayMount(Forebay forebay, Path mountPoint, List<String> options) {
        this.forebay = forebay;
        this.mountPoint = mountPoint;
        this.options = options;
    }

    /** The flags that name a store's container and a cache folder. */
    public static List<String> optionsFor(Store store, Path cache, String... more) {
        List<String> options = new ArrayList<>(store.options());
        options.addAll(List.of("--container-name", store.container(), "--cache-path", cache.toString()));
        options.addAll(List.of(more));
        return List.copyOf(options);
    }

    /** The same for a container of a simulator. */
    public static List<String> optionsFor(Simulator store, String container, Path cache, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--account-name",
                Simulator.ACCOUNT,
                "--endpoint",
                store.endpoint().toString()));
        options.addAll(List.of("--container-name", container, "--cache-path", cache.toString()));
        options.addAll(List.of(more));
        return List.copyOf(options);
    }

    /** Mounts, and returns when the command has. The mount point is made if it does not exist. */
    public static ForebayMount at(Path mountPoint, Forebay forebay, List<String> options)
            throws IOException, InterruptedException {
        Files.createDirectories(mountPoint);
        ForebayMount mount = new ForebayMount(forebay, mountPoint, options);
        mount.mount();
        return mount;
    }

    public Path root() {
        return mountPoint;
    }

    public Forebay forebay() {
        return forebay;
    }

    /** Mounts again where it was. */
    public void mount() throws IOException, InterruptedException {
        List<ProcessHandle> before = forebay.processes();
        try {
            mountCommand().run().orFail();
        } catch (Throwable e) {
            cleanUpAfter(e);
            throw e;
        }
        daemons = forebay.processes().stream()
                .filter(process -> !before.contains(process))
                .toList();
    }

    /** The command line that mounts, not yet run. */
    public Command mountCommand() {
        List<String> words = new ArrayList<>(List.of("mount", mountPoint.toString()));
        words.addAll(options);
        words.add("--log-file-path");
        words.add(forebay.home().resolve(mountPoint.getFileName() + ".log").toString());
        return forebay.command(words);
    }

    /** The one process that serves this mount. */
    public ProcessHandle daemon() {
        if (daemons.size() != 1) {
            throw new AssertionError("one daemon expected, but there are " + describe(daemons));
        }
        return daemons.getFirst();
    }

    /** Unmounts as a user does, and demands that nothing is left. */
    public void unmount() throws IOException, InterruptedException {
        forebay.command("unmount", mountPoint.toString()).run().orFail();
        if (MountTable.isMounted(mountPoint)) {
            throw new AssertionError("unmount returned 0 but " + MountTable.at(mountPoint) + " is still there");
        }
        awaitDaemonEnd();
    }

    /** Kills the daemon as the kernel does when memory is short; the mount point stays, and is dead. */
    public void killDaemon() throws InterruptedException {
        daemon().destroyForcibly();
        awaitDaemonEnd();
    }

    public void awaitDaemonEnd() throws InterruptedException {
        Await.until(
                DAEMON_END_LIMIT,
                () -> "the daemon ends: " + describe(daemons) + "\n" + forebay.evidence(),
                this::daemonsEnded);
        daemons = List.of();
    }

    private boolean daemonsEnded() {
        return daemons.stream().noneMatch(ProcessHandle::isAlive);
    }

    /** Whether the mount is there and its daemon lives. */
    public boolean isUp() throws IOException {
        return MountTable.isMounted(mountPoint) && !daemons.isEmpty() && !daemonsEnded();
    }

    /** Unmounts if it is mounted; failing that takes everything away by force, and fails. */
    @Override
    public void close() throws IOException {
        Cleanup.run(this::closeOrTakeAway);
    }

    private void closeOrTakeAway() throws IOException, InterruptedException {
        try {
            if (MountTable.isMounted(mountPoint)) {
                unmount();
            } else {
                awaitDaemonEnd();
            }
        } catch (Throwable e) {
            cleanUpAfter(e);
            throw e;
        }
    }

    private void cleanUpAfter(Throwable failure) throws InterruptedException {
        failure.addSuppressed(new Evidence(forebay.evidence()));
        takeAway();
    }

    /** By force: no mount and no process of this mount is left afterwards. */
    public void takeAway() throws InterruptedException {
        try {
            daemons.forEach(ProcessHandle::destroyForcibly);
            while (MountTable.isMounted(mountPoint)) {
                Command.of("fusermount3", "-uz", mountPoint.toString()).run().orFail();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot clean up " + mountPoint, e);
        }
        awaitDaemonEnd();
    }

    private static String describe(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.pid() + " " + Forebay.commandLineOf(process))
                .toList()
                .toString();
    }
}
