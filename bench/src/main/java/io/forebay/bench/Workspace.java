package io.forebay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder for one run. Closing it takes away, by force if need be, every mount below it and every process of the run,
 * and deletes it.
 */
final class Workspace implements AutoCloseable {
    /** Inherited by whatever a mount starts, so that a daemon can be told from others, whoever its parent has become. */
    private static final String TOKEN_VARIABLE = "FOREBAY_BENCH_TOKEN";

    private static final Duration PROCESS_END_LIMIT = Duration.ofSeconds(10);
    private static final int MOUNT_POINT_FIELD = 4;

    private final Path root;
    private final String token = UUID.randomUUID().toString();

    /** @param parent made if it does not exist; it stays */
    Workspace(Path parent) throws IOException {
        this.root = Files.createTempDirectory(Files.createDirectories(parent).toRealPath(), "run-");
    }

    /** A new folder. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    /** A new folder, even if one of that name was asked for before. */
    Path freshFolder(String name) throws IOException {
        return Files.createTempDirectory(root, name + "-");
    }

    /** The same, for less than the whole run. */
    Temporary temporary(String name) throws IOException {
        return new Temporary(this, freshFolder(name));
    }

    /**
     * A folder whose room on the disk is given back when it is closed. Its files stay, empty, to the end of the run: for
     * minutes after many were deleted, ext4 without a journal looks through them for each one that is made, so that one
     * measurement would pay for another.
     */
    record Temporary(Workspace workspace, Path path) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            workspace.empty(path);
        }
    }

    /** For processes that may outlive the one that starts them. */
    Map<String, String> environment() {
        return Map.of(TOKEN_VARIABLE, token);
    }

    /** Processes that were started with {@link #environment}. */
    List<ProcessHandle> processes() {
        String mark = TOKEN_VARIABLE + "=" + token;
        return ProcessHandle.allProcesses()
                .filter(process -> environmentOf(process).contains(mark))
                .toList();
    }

    /** Has the disk write what it still has to, so that one measurement does not pay for another. */
    void settle() throws IOException {
        Command.run("sync", "-f", root.toString());
    }

    /**
     * Has the kernel forget all content and names that it keeps for speed, so that files are read from the disk again.
     *
     * @throws IOException if we are not root, who alone may
     */
    void dropPageCache() throws IOException {
        settle();
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3", StandardOpenOption.WRITE);
    }

    static boolean isMounted(Path mountPoint) throws IOException {
        return mountPoints().anyMatch(mountPoint.toString()::equals);
    }

    private static Stream<String> mountPoints() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8).stream()
                .map(line -> line.split(" ", -1)[MOUNT_POINT_FIELD]);
    }

    /** Only once, and again from a shutdown hook: what is gone already is no failure. */
    @Override
    public synchronized void close() throws IOException {
        List<String> mounted =
                mountPoints().filter(point -> point.startsWith(root + "/")).toList();
        for (String mountPoint : mounted) {
            Command.run("umount", "-l", mountPoint);
        }
        for (ProcessHandle process : processes()) {
            process.destroyForcibly();
            awaitEnd(process);
        }
        if (Files.exists(root)) {
            delete(root);
        }
    }

    private void empty(Path folder) throws IOException {
        requireUnmounted(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close();
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static void requireUnmounted(Path folder) throws IOException {
        if (mountPoints().anyMatch(mountPoint -> mountPoint.startsWith(folder + "/"))) {
            throw new IOException("not emptied, because something is still mounted there: " + folder);
        }
    }

    /** Deletes a folder with all that is in it, unless something is mounted there. */
    private void delete(Path folder) throws IOException {
        requireUnmounted(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** Waits for the end of a process that was told to. */
    static void awaitEnd(ProcessHandle process) throws IOException {
        Waiting.until(PROCESS_END_LIMIT, "process " + process.pid() + " does not end", () -> !process.isAlive());
    }

    /** Empty for a process that has ended, or belongs to somebody else. */
    private static String environmentOf(ProcessHandle process) {
        try {
            Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
            return new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
