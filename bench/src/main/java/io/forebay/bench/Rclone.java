package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code rclone mount} with its full cache. */
record Rclone(String program, Workspace workspace) implements Contender {
    @Override
    public String name() {
        return "rclone";
    }

    @Override
    public boolean fetchesWholeFiles() {
        return false;
    }

    @Override
    public MountedStore mount(SimulatedStore store, String container, Path home) throws IOException {
        Path mountPoint = Files.createDirectories(home.resolve("mount"));
        // Older ones speak https to any other endpoint, but take a whole address with a token as it is.
        String token = "?sv=2021-12-02&sig=c2ltdWxhdGVk";
        List<String> command = List.of(
                program,
                "mount",
                ":azureblob:" + container,
                mountPoint.toString(),
                "--config=" + home.resolve("rclone.conf"),
                "--azureblob-sas-url=" + store.endpoint() + "/" + container + token,
                "--cache-dir=" + home.resolve("cache"),
                "--vfs-cache-mode=full",
                "--vfs-write-back=1s");
        return ForegroundMount.of(command, mountPoint, home.resolve("log"), workspace);
    }
}
