package io.forebay.bench;

import io.forebay.bench.Suite.Group;
import java.time.Duration;
import java.util.List;

/** The goals of the block cache: mounts over a simulated store, beside rivals where they are given. */
final class ReadBench {
    private static final BenchOptions DEFAULTS = BenchOptions.defaults(1L << 30, 3, Duration.ofSeconds(8), 2000);

    private ReadBench() {}

    static Suite suite() {
        return new Suite(
                "read",
                DEFAULTS,
                true,
                List.of(
                        Group.of("store", StoreRow::measure),
                        Group.of("cold", ColdFileRows::free),
                        Group.of("cold-far", ColdFileRows::far),
                        new Group(List.of("warm", "disk"), false, LocalFileRows::measure),
                        Group.of("random-huge", ColdRandomRows::huge),
                        Group.of("random", ColdRandomRows::free),
                        Group.of("random-far", ColdRandomRows::far),
                        Group.of("epoch", EpochRows::measure),
                        Group.onlyWhenNamed("epoch-many", EpochRows::many),
                        Group.of("names", ListingRows::measure),
                        Group.of("crowd", CrowdRow::measure),
                        Group.of("https", HttpsRows::measure),
                        Group.of("start", StartRows::ofSimulator)));
    }
}
