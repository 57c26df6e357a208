package io.forebay.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A mount of the distribution, through the kernel door. */
final class ForebayMount implements MountedStore {
    private static final String CONTAINER = "bench";

    private final Path launcher;
    private final Path mountPoint;
    private final ProcessHandle daemon;

    private ForebayMount(Path launcher, Path mountPoint, ProcessHandle daemon) {
        this.launcher = launcher;
        this.mountPoint = mountPoint;
        this.daemon = daemon;
    }

    /**
     * What is mounted where, and how.
     *
     * @param launcher of the distribution
     * @param home a folder of its own for the account, the cache, the log and the mount point
     * @param options beside those that every mount has: the store, above all
     * @param environment what is never said on a command line
     */
    record Plan(Path launcher, Path home, List<String> options, Map<String, String> environment) {
        Plan {
            options = List.copyOf(options);
        }

        /** Over a folder store that is on the disk of the workspace. */
        static Plan of(Path launcher, Path home, String... options) throws IOException {
            List<String> all =
                    new ArrayList<>(List.of("--store", "directory:" + home.resolve("account"), "--container-name"));
            all.add(CONTAINER);
            all.addAll(List.of(options));
            Plan plan = new Plan(launcher, home, all, Map.of());
            Files.createDirectories(plan.container());
            Files.createDirectories(plan.mountPoint());
            return plan;
        }

        /** Over a container of the simulator. */
        static Plan of(Path launcher, Path home, SimulatedStore store, String container, String... options)
                throws IOException {
            List<String> all = new ArrayList<>(List.of("--store", "azure", "--endpoint", store.endpoint()));
            all.addAll(List.of("--account-name", SimulatedStore.ACCOUNT, "--container-name", container));
            all.add("--data-plane=thin");
            store.certificate().ifPresent(pem -> all.addAll(List.of("--ca-cert-file", pem.toString())));
            all.addAll(List.of(options));
            Plan plan = new Plan(launcher, home, all, Map.of("AZURE_STORAGE_ACCESS_KEY", SimulatedStore.KEY));
            Files.createDirectories(plan.mountPoint());
            return plan;
        }

        /** Files that are put here before it is mounted are blobs of it, where the store is a folder. */
        Path container() {
            return home.resolve("account").resolve(CONTAINER);
        }

        Path mountPoint() {
            return home.resolve("mount");
        }

        private List<String> command() {
            List<String> words = new ArrayList<>(
                    List.of(launcher.toString(), "mount", mountPoint().toString()));
            words.addAll(List.of("--cache-path", home.resolve("cache").toString()));
            words.addAll(List.of("--log-file-path", home.resolve("forebay.log").toString()));
            words.add("--door=kernel");
            words.addAll(options);
            return words;
        }
    }

    /** Mounts, and returns when it answers. */
    static ForebayMount of(Plan plan, Workspace workspace) throws IOException {
        List<ProcessHandle> before = workspace.processes();
        Map<String, String> environment = new HashMap<>(workspace.environment());
        environment.putAll(plan.environment());
        Command.run(plan.command(), environment);
        List<ProcessHandle> daemons = workspace.processes().stream()
                .filter(process -> !before.contains(process))
                .toList();
        if (daemons.size() != 1) {
            throw new IOException("one daemon expected at " + plan.mountPoint() + ", but there are " + daemons);
        }
        return new ForebayMount(plan.launcher(), plan.mountPoint(), daemons.getFirst());
    }

    @Override
    public Path root() {
        return mountPoint;
    }

    @Override
    public ProcessHandle daemon() {
        return daemon;
    }

    /** Writes a file through the mount, and keeps it open, so that its content stays in the cache. */
    HeldFile write(String name, long bytes) throws IOException {
        Path file = mountPoint.resolve(name);
        FileChannel channel = FileContent.write(file, bytes);
        return new HeldFile(file, channel);
    }

    /** @param channel that it was written with */
    record HeldFile(Path path, FileChannel channel) implements AutoCloseable {
        /** Removes the file first: what has no name needs no upload. */
        @Override
        public void close() throws IOException {
            try {
                Files.delete(path);
            } finally {
                channel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        Command.run(launcher.toString(), "unmount", mountPoint.toString());
        Workspace.awaitEnd(daemon);
    }
}
