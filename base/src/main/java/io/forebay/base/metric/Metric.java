package io.forebay.base.metric;

/**
 * The table of everything that is counted: one line each, name, unit and meaning in one place. What "now" says is a gauge,
 * which goes up and down.
 */
public enum Metric {
    STORE_REQUESTS("store_requests", "requests sent to the store, each attempt counted"),
    STORE_RETRIES("store_retries", "attempts that were repeated because the store was unavailable"),
    STORE_THROTTLED("store_throttled", "attempts that the store turned away because it was too busy"),
    STORE_RUNNING("store_running", "attempts that are under way now"),
    STORE_WAITING("store_waiting", "attempts that wait for their turn now"),
    STORE_PARALLEL_LIMIT("store_parallel_limit", "attempts that may be under way at once, as things are now"),
    STORE_RATE_LIMIT("store_rate_limit", "attempts that may begin in a second, as things are now; 0 for any number"),
    STORE_READ_BYTES("store_read_bytes", "bytes of blob content received"),
    STORE_WRITTEN_BYTES("store_written_bytes", "bytes of blob content sent"),
    DEMAND_FETCHES_RUNNING("demand_fetches_running", "now: fetches of content that somebody waits for"),
    PREFETCHES_RUNNING("prefetches_running", "now: fetches of content that nobody has asked for yet"),
    PREFETCHES_RUNNING_BYTES("prefetches_running_bytes", "now: how much they are to bring"),
    FAILED_DISKS("failed_disks", "now: cache disks that failed and were taken out"),
    DAMAGED_ENTRIES("damaged_entries", "entries on cache disks that were not what they must be, and were left out"),
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
