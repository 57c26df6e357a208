package io.forebay.base.metric;

import java.util.EnumMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** One counter for each {@link Metric}; a gauge is a counter that also goes down. Safe for use by many threads; reading is a snapshot of each counter by itself. */
public final class Metrics {
    private final EnumMap<Metric, LongAdder> counters = new EnumMap<>(Metric.class);

    public Metrics() {
        for (Metric metric : Metric.values()) {
            counters.put(metric, new LongAdder());
        }
    }

    public void increment(Metric metric) {
        add(metric, 1);
    }

    public void add(Metric metric, long amount) {
        counter(metric).add(amount);
    }

    public long value(Metric metric) {
        return counter(metric).sum();
    }

    private LongAdder counter(Metric metric) {
        LongAdder counter = counters.get(metric);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + metric);
        }
        return counter;
    }

    /** All counters as {@code name=value}, in the order of the table. */
    @Override
    public String toString() {
        return counters.entrySet().stream()
                .map(entry -> entry.getKey().label() + "=" + entry.getValue().sum())
                .collect(Collectors.joining(" "));
    }
}
