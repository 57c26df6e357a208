package io.forebay.testkit.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How slow the store is to be. A rate of 0 is no limit.
 *
 * @param latencyMillis from the last byte of a request to the first of its answer
 * @param jitterMillis added to it, evenly from 0 to this
 * @param connectionBytesPerSecond of one connection, each direction
 * @param totalBytesPerSecond of all of them, each direction
 * @param requestsPerSecond more are answered with {@code busyStatus}
 * @param busyStatus 503, as Azure has it, or 429
 * @param retryAfterSeconds what such an answer says; 0 for nothing
 */
public record Limits(
        long latencyMillis,
        long jitterMillis,
        long connectionBytesPerSecond,
        long totalBytesPerSecond,
        long requestsPerSecond,
        int busyStatus,
        long retryAfterSeconds) {
    /** As fast as this machine can. */
    public static final Limits NONE = new Limits(0, 0, 0, 0, 0, 503, 1);

    private static final String LATENCY = "latency-ms";
    private static final String JITTER = "jitter-ms";
    private static final String CONNECTION = "connection-bytes-per-second";
    private static final String TOTAL = "total-bytes-per-second";
    private static final String REQUESTS = "requests-per-second";
    private static final String BUSY = "busy-status";
    private static final String RETRY_AFTER = "retry-after-seconds";

    public Limits {
        if (latencyMillis < 0
                || jitterMillis < 0
                || connectionBytesPerSecond < 0
                || totalBytesPerSecond < 0
                || requestsPerSecond < 0
                || retryAfterSeconds < 0) {
            throw new IllegalArgumentException("a limit is not negative");
        }
        if (busyStatus != 503 && busyStatus != 429) {
            throw new IllegalArgumentException("busy is 503 or 429");
        }
    }

    /** A store that is far away: latency, and bytes per second of a connection. */
    public static Limits far(long latencyMillis, long connectionBytesPerSecond) {
        return new Limits(latencyMillis, 0, connectionBytesPerSecond, 0, 0, 503, 1);
    }

    /** These limits with those changed that the form names. */
    Limits changed(Map<String, String> form) {
        Map<String, String> all = asForm();
        form.forEach((name, value) -> {
            if (all.replace(name, value) == null) {
                throw new IllegalArgumentException("there is no limit '" + name + "'; there are " + all.keySet());
            }
        });
        return new Limits(
                number(all, LATENCY),
                number(all, JITTER),
                number(all, CONNECTION),
                number(all, TOTAL),
                number(all, REQUESTS),
                Math.toIntExact(number(all, BUSY)),
                number(all, RETRY_AFTER));
    }

    /** Every limit by the name that the command line and the control path use. */
    Map<String, String> asForm() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put(LATENCY, Long.toString(latencyMillis));
        form.put(JITTER, Long.toString(jitterMillis));
        form.put(CONNECTION, Long.toString(connectionBytesPerSecond));
        form.put(TOTAL, Long.toString(totalBytesPerSecond));
        form.put(REQUESTS, Long.toString(requestsPerSecond));
        form.put(BUSY, Integer.toString(busyStatus));
        form.put(RETRY_AFTER, Long.toString(retryAfterSeconds));
        return form;
    }

    private static long number(Map<String, String> form, String name) {
        String value = form.getOrDefault(name, "");
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(name + " is a whole number, not '" + value + "'", notANumber);
        }
    }
}
