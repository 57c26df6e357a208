package io.forebay.bench;

import io.forebay.bench.Suite.Group;
import java.time.Duration;
import java.util.List;

/** The goals of the kernel door: mounts over a folder store. */
final class DoorBench {
    private static final BenchOptions DEFAULTS = BenchOptions.defaults(4L << 30, 5, Duration.ofSeconds(2), 100_000);

    private DoorBench() {}

    static Suite suite() {
        return new Suite(
                "door",
                DEFAULTS,
                false,
                List.of(
                        new Group(List.of("sequential", "random"), false, FileRows::measure),
                        Group.of("write", NewFileRow::measure),
                        Group.of("direct", DirectReadRows::measure),
                        Group.of("start", StartRows::ofFolder),
                        Group.of("stat", NameRows::stat),
                        Group.of("list", NameRows::list)));
    }
}
