package io.forebay.base.metric;

/** The table of everything that is counted: one line each, name, unit and meaning in one place. */
public enum Metric {
    STORE_REQUESTS("store_requests", "requests sent to the store, each attempt counted"),
    STORE_RETRIES("store_retries", "attempts that were repeated because the store was unavailable"),
    STORE_READ_BYTES("store_read_bytes", "bytes of blob content received"),
    STORE_WRITTEN_BYTES("store_written_bytes", "bytes of blob content sent"),
    UNEXPECTED_ERRORS("unexpected_errors", "failures that nobody foresaw; each has its stack in the log");

    private final String label;
    private final String meaning;

    Metric(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** The name under which it is shown, in snake case; byte counts end in {@code _bytes}. */
    public String label() {
        return label;
    }

    /** What it counts, as a clause. */
    public String meaning() {
        return meaning;
    }
}
