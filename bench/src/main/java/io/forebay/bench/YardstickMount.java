package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A mount of {@code yardstick.c}. */
final class YardstickMount implements AutoCloseable {
    private final ForegroundMount mount;

    private YardstickMount(ForegroundMount mount) {
        this.mount = mount;
    }

    /** Mounts, and returns when it answers. */
    static YardstickMount of(Path program, Workspace workspace, String name, long dataBytes, int names)
            throws IOException {
        Path mountPoint = workspace.folder(name);
        List<String> command =
                List.of(program.toString(), mountPoint.toString(), Long.toString(dataBytes), Integer.toString(names));
        Path log = workspace.folder("logs").resolve(name);
        return new YardstickMount(ForegroundMount.of(command, mountPoint, log, workspace));
    }

    Path root() {
        return mount.root();
    }

    Path data() {
        return mount.root().resolve("data");
    }

    @Override
    public void close() throws IOException {
        mount.close();
    }
}
