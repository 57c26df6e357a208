package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;

/** BlobFuse2 with one of its two caches. */
record BlobFuse2(String program, Mode mode, Workspace workspace) implements Contender {
    /** Its user has to choose. */
    enum Mode {
        /** Blocks of 16 MiB, as is its default, with a tier on disk. */
        BLOCK_CACHE,
        /** Whole files. */
        FILE_CACHE
    }

    @Override
    public String name() {
        return "BlobFuse2 " + component();
    }

    @Override
    public boolean fetchesWholeFiles() {
        return mode == Mode.FILE_CACHE;
    }

    private String component() {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public MountedStore mount(SimulatedStore store, String container, Path home) throws IOException {
        Path mountPoint = Files.createDirectories(home.resolve("mount"));
        Path cache = Files.createDirectories(home.resolve("cache"));
        Path configuration = Files.createFile(
                home.resolve("blobfuse2.yaml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(configuration, configuration(store, container, home, cache), StandardCharsets.UTF_8);
        return ForegroundMount.of(
                List.of(
                        program,
                        "mount",
                        mountPoint.toString(),
                        "--config-file=" + configuration,
                        "--foreground",
                        "--disable-version-check"),
                mountPoint,
                home.resolve("log"),
                workspace);
    }

    private String configuration(SimulatedStore store, String container, Path home, Path cache) {
        return """
                foreground: true
                default-working-dir: %s
                logging: {type: base, level: log_err, file-path: %s}
                components: [libfuse, %s, attr_cache, azstorage]
                %s: {path: %s%s}
                azstorage:
                  type: block
                  mode: key
                  account-name: %s
                  account-key: %s
                  endpoint: %s
                  container: %s
                  use-http: true
                """.formatted(
                        home,
                        home.resolve("blobfuse2.log"),
                        component(),
                        component(),
                        cache,
                        mode == Mode.BLOCK_CACHE ? ", block-size-mb: 16" : "",
                        SimulatedStore.ACCOUNT,
                        SimulatedStore.KEY,
                        store.endpoint(),
                        container);
    }
}
