package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A mount by a program that stays in the foreground until it is unmounted. */
final class ForegroundMount implements MountedStore {
    /** The yardstick fills its memory before it answers, and touching memory for the first time may be slow. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);

    private final Path mountPoint;
    private final Process server;

    private ForegroundMount(Path mountPoint, Process server) {
        this.mountPoint = mountPoint;
        this.server = server;
    }

    /**
     * Mounts, and returns when it answers.
     *
     * @param log for what the program says
     * @throws IOException if it does not mount, with all that it said
     */
    static ForegroundMount of(List<String> command, Path mountPoint, Path log, Workspace workspace) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(workspace.environment());
        ForegroundMount mount = new ForegroundMount(mountPoint, builder.start());
        try {
            mount.awaitAnswer(log);
            Files.getLastModifiedTime(mountPoint);
        } catch (IOException failure) {
            mount.server.destroyForcibly();
            throw failure;
        }
        return mount;
    }

    private void awaitAnswer(Path log) throws IOException {
        Waiting.until(
                ANSWER_LIMIT,
                "nothing is mounted at " + mountPoint,
                () -> !server.isAlive() || Workspace.isMounted(mountPoint));
        if (!server.isAlive()) {
            throw new IOException("exit code " + server.exitValue() + " of what was to mount at " + mountPoint + ": "
                    + Files.readString(log, StandardCharsets.UTF_8).strip());
        }
    }

    @Override
    public Path root() {
        return mountPoint;
    }

    @Override
    public ProcessHandle daemon() {
        return server.toHandle();
    }

    /** Not every program unmounts when it is told to end, but each ends when it is unmounted. */
    @Override
    public void close() throws IOException {
        try {
            Command.run("umount", mountPoint.toString());
            Workspace.awaitEnd(server.toHandle());
        } finally {
            server.destroyForcibly();
        }
    }
}
