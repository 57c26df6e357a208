package io.forebay.testkit.sim;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link Simulator} has counted at one moment.
 *
 * @param lines each count by what is counted, as {@code /$sim/counts} prints it
 */
public record Counts(Map<String, Long> lines) {
    static Counts parse(String report) {
        Map<String, Long> lines = new TreeMap<>();
        report.lines().forEach(line -> {
            int blank = line.lastIndexOf(' ');
            lines.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
        });
        return new Counts(lines);
    }

    /** All requests, whatever became of them. */
    public long requests() {
        return sumOf("requests ");
    }

    /** The requests for that operation, whatever became of them. */
    public long requests(Operation operation) {
        return sumOf("requests " + operation.label() + " ");
    }

    /** @param outcome a status, or the label of a fault that is no answer */
    public long requests(Operation operation, String outcome) {
        return of("requests " + operation.label() + " " + outcome);
    }

    /** Bytes of bodies that were sent in answer to that operation. */
    public long bodyBytes(Operation operation) {
        return of("body-bytes " + operation.label());
    }

    /** Bytes of bodies that were sent. */
    public long sentBytes() {
        return of("sent-bytes");
    }

    /** Bytes of bodies that came. */
    public long receivedBytes() {
        return of("received-bytes");
    }

    public long connections() {
        return of("connections");
    }

    /** The most requests that were running at once. */
    public long peakRequests() {
        return of("peak-requests");
    }

    private long of(String what) {
        return lines.getOrDefault(what, 0L);
    }

    private long sumOf(String beginning) {
        return lines.entrySet().stream()
                .filter(line -> line.getKey().startsWith(beginning))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
