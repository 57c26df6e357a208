package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A mount of {@code yardstick.c}. */
final class YardstickMount implements AutoCloseable {
    /** It fills its memory before it answers, and touching memory for the first time may be slow. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);

    private final Path mountPoint;
    private final Process server;

    private YardstickMount(Path mountPoint, Process server) {
        this.mountPoint = mountPoint;
        this.server = server;
    }

    /** Mounts, and returns when it answers. */
    static YardstickMount of(Path program, Workspace workspace, String name, long dataBytes, int names)
            throws IOException {
        Path mountPoint = workspace.folder(name);
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), mountPoint.toString(), Long.toString(dataBytes), Integer.toString(names))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(workspace.environment());
        YardstickMount mount = new YardstickMount(mountPoint, builder.start());
        try {
            mount.awaitAnswer();
        } catch (IOException failure) {
            mount.server.destroyForcibly();
            throw failure;
        }
        return mount;
    }

    private void awaitAnswer() throws IOException {
        Waiting.until(
                ANSWER_LIMIT,
                "the yardstick does not mount at " + mountPoint,
                () -> !server.isAlive() || Workspace.isMounted(mountPoint));
        if (!server.isAlive()) {
            throw new IOException("the yardstick ended with exit code " + server.exitValue());
        }
    }

    Path root() {
        return mountPoint;
    }

    Path data() {
        return mountPoint.resolve("data");
    }

    /** It unmounts when it is told to end. */
    @Override
    public void close() throws IOException {
        server.destroy();
        Workspace.awaitEnd(server.toHandle());
    }
}
