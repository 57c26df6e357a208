package io.forebay.testkit.sim;

import java.util.SplittableRandom;

/** What all connections of a simulator share. */
record Store(BlobTable table, BlobService service, Shaper shaper, Faults faults, Counters counters) {
    /** @param keepsBytes whether what is written is kept, or only how much it was */
    static Store of(boolean keepsBytes, Limits limits, long seed) {
        BlobTable table = new BlobTable();
        SplittableRandom random = new SplittableRandom(seed);
        return new Store(
                table,
                new BlobService(table, keepsBytes),
                new Shaper(limits, random.split()),
                new Faults(random.split()),
                new Counters());
    }
}
