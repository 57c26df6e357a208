package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The simulator itself: what it gives to one connection must be far above what is measured with it. */
final class StoreRow {
    private static final long BYTES = 4L << 30;

    private StoreRow() {}

    static List<Line> measure(Bench bench) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            store.declare("bench", "file", 1, BYTES);
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round <= bench.options().rounds(); round++) {
                String speed =
                        store.curl(List.of("-o", "/dev/null", "-w", "%{speed_download}", store.url("bench", "file")));
                if (round > 0) {
                    rates.add(Double.parseDouble(speed) / 1e9);
                }
            }
            return List.of(new Line.Absolute(
                    "the simulator itself, to one curl",
                    Unit.GIGABYTES_PER_SECOND,
                    new Sample(rates),
                    Goal.atLeast(1.5)));
        }
    }
}
