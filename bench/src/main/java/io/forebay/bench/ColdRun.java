package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What was measured on a mount that had nothing yet: a new one, with an empty cache folder, while the kernel's page cache
 * was empty too.
 *
 * @param result of the work itself
 * @param cpuSeconds of the daemon, while it worked
 * @param peakMebibytes resident in the daemon, at the most, from its start to the end of the work
 * @param counts what the store was asked during the work
 */
record ColdRun<T>(T result, double cpuSeconds, double peakMebibytes, SimulatedStore.Counts counts) {
    /** What is done on a mount. */
    @FunctionalInterface
    interface Work<T> {
        T on(Path root) throws IOException;
    }

    static <T> ColdRun<T> of(Bench bench, Contender contender, SimulatedStore store, String container, Work<T> work)
            throws IOException {
        Workspace workspace = bench.workspace();
        try (Workspace.Temporary home = workspace.temporary("cold")) {
            workspace.dropPageCache();
            try (MountedStore mount = contender.mount(store, container, home.path())) {
                store.resetCounts();
                Duration before = Resources.cpuTime(mount.daemon());
                T result = work.on(mount.root());
                Duration used = Resources.cpuTime(mount.daemon()).minus(before);
                return new ColdRun<>(
                        result, used.toNanos() / 1e9, Resources.peakMebibytes(mount.daemon()), store.counts());
            }
        }
    }
}
