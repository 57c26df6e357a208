package io.forebay.testkit.sim;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was asked, and what became of it. A request is counted before its answer is sent, so that whoever has the answer
 * finds it counted.
 */
final class Counters {
    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> bodyBytes = new ConcurrentSkipListMap<>();
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final AtomicLong openConnections = new AtomicLong();
    private final AtomicLong running = new AtomicLong();
    private final AtomicLong peakRunning = new AtomicLong();

    void connected() {
        connections.increment();
        openConnections.incrementAndGet();
    }

    void disconnected() {
        openConnections.decrementAndGet();
    }

    void began() {
        peakRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    }

    void ended() {
        running.decrementAndGet();
    }

    /** @param outcome a status, or the label of a fault that is no answer */
    void answered(Operation operation, String outcome) {
        requests.computeIfAbsent(operation.label() + " " + outcome, _ -> new LongAdder())
                .increment();
    }

    void received(long bytes) {
        receivedBytes.add(bytes);
    }

    void sent(Operation operation, long bytes) {
        sentBytes.add(bytes);
        bodyBytes.computeIfAbsent(operation.label(), _ -> new LongAdder()).add(bytes);
    }

    /** Begins anew; what is open or running stays so. */
    void reset() {
        requests.clear();
        bodyBytes.clear();
        receivedBytes.reset();
        sentBytes.reset();
        connections.reset();
        peakRunning.set(running.get());
    }

    /** One line for each count: what is counted, and the number behind the last blank. */
    String report() {
        StringBuilder report = new StringBuilder();
        requests.forEach((what, count) -> line(report, "requests " + what, count.sum()));
        bodyBytes.forEach((what, count) -> line(report, "body-bytes " + what, count.sum()));
        line(report, "received-bytes", receivedBytes.sum());
        line(report, "sent-bytes", sentBytes.sum());
        line(report, "connections", connections.sum());
        line(report, "open-connections", openConnections.get());
        line(report, "peak-requests", peakRunning.get());
        return report.toString();
    }

    private static void line(StringBuilder report, String what, long count) {
        report.append(what).append(' ').append(count).append('\n');
    }
}
