package io.forebay.cache;

import java.util.List;

/**
 * What to fetch besides the bytes that one read asks for.
 *
 * @param demandBytes how much to fetch from the first missing byte of the read on, if that is more than the read
 * @param ahead what the next reads are expected to ask for, the nearest first
 * @param fetchBytes the largest fetch to make of it
 * @param random whether the read follows no pattern
 */
record Advice(long demandBytes, List<Span> ahead, long fetchBytes, boolean random) {
    static final Advice RANDOM = new Advice(0, List.of(), 0, true);
    static final Advice NONE = new Advice(0, List.of(), 0, false);

    /** The bytes {@code from} up to, not including, {@code to}. */
    record Span(long from, long to) {}
}
