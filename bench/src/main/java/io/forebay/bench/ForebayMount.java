package io.forebay.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A mount of the distribution, through the kernel door, over a folder store that is on the disk of the workspace. */
final class ForebayMount implements AutoCloseable {
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
     * @param options beside those that every mount has
     */
    record Plan(Path launcher, Path home, List<String> options) {
        static Plan of(Path launcher, Path home, String... options) throws IOException {
            Plan plan = new Plan(launcher, home, List.of(options));
            Files.createDirectories(plan.container());
            Files.createDirectories(plan.mountPoint());
            return plan;
        }

        /** Files that are put here before it is mounted are blobs of it. */
        Path container() {
            return home.resolve("account").resolve(CONTAINER);
        }

        Path mountPoint() {
            return home.resolve("mount");
        }

        private List<String> command() {
            List<String> words = new ArrayList<>(
                    List.of(launcher.toString(), "mount", mountPoint().toString()));
            words.addAll(List.of("--store", "directory:" + home.resolve("account"), "--container-name", CONTAINER));
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
        Command.run(plan.command(), workspace.environment());
        List<ProcessHandle> daemons = workspace.processes().stream()
                .filter(process -> !before.contains(process))
                .toList();
        if (daemons.size() != 1) {
            throw new IOException("one daemon expected at " + plan.mountPoint() + ", but there are " + daemons);
        }
        return new ForebayMount(plan.launcher(), plan.mountPoint(), daemons.getFirst());
    }

    Path root() {
        return mountPoint;
    }

    ProcessHandle daemon() {
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
