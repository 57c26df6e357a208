package io.forebay.bench;

import io.forebay.bench.Suite.Group;
import java.time.Duration;
import java.util.List;

/** The goals of write-back: mounts over a simulated store, beside rivals where they are given. */
final class WriteBench {
    private static final BenchOptions DEFAULTS = BenchOptions.defaults(4L << 30, 3, Duration.ofSeconds(2), 10_000);

    private WriteBench() {}

    static Suite suite() {
        return new Suite(
                "write",
                DEFAULTS,
                true,
                List.of(
                        Group.of("local", CheckpointRows::local),
                        Group.of("local-far", CheckpointRows::localFar),
                        Group.of("blob", CheckpointRows::blob),
                        Group.of("blob-far", CheckpointRows::blobFar),
                        Group.of("edit", EditRow::measure),
                        Group.of("small", SmallFileRows::measure),
                        Group.of("clone", CloneRow::measure)));
    }
}
