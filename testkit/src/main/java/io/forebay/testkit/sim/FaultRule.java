package io.forebay.testkit.sim;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which requests go wrong, and how.
 *
 * @param kind what happens to them
 * @param operation those that ask for this; empty for all
 * @param names those on blobs of such names, where {@code *} stands for any text
 * @param nth the how-manieth of those that fit, from 1; 0 for each of them
 * @param probability of each, from 0 to 1
 * @param times how often at most; 0 for always
 * @param afterBytes where in the body of the answer it happens; -1 for its middle, or, for silence, before the answer
 * @param lasting how long silence lasts
 * @param retryAfterSeconds what an answer of 429, 500 or 503 says; 0 for nothing
 */
public record FaultRule(
        FaultKind kind,
        Optional<Operation> operation,
        String names,
        long nth,
        double probability,
        long times,
        long afterBytes,
        Duration lasting,
        long retryAfterSeconds) {
    private static final String ANY = "*";

    public FaultRule {
        if (nth < 0 || times < 0 || probability < 0 || probability > 1 || retryAfterSeconds < 0) {
            throw new IllegalArgumentException("nth and times are not negative, and a probability is from 0 to 1");
        }
    }

    /** Happens to every request; the other methods narrow it. */
    public static FaultRule of(FaultKind kind) {
        return new FaultRule(kind, Optional.empty(), ANY, 0, 1, 0, -1, Duration.ofSeconds(1), 0);
    }

    public FaultRule on(Operation other) {
        return new FaultRule(
                kind, Optional.of(other), names, nth, probability, times, afterBytes, lasting, retryAfterSeconds);
    }

    public FaultRule named(String other) {
        return new FaultRule(kind, operation, other, nth, probability, times, afterBytes, lasting, retryAfterSeconds);
    }

    public FaultRule nth(long other) {
        return new FaultRule(kind, operation, names, other, probability, times, afterBytes, lasting, retryAfterSeconds);
    }

    public FaultRule probability(double other) {
        return new FaultRule(kind, operation, names, nth, other, times, afterBytes, lasting, retryAfterSeconds);
    }

    public FaultRule times(long other) {
        return new FaultRule(kind, operation, names, nth, probability, other, afterBytes, lasting, retryAfterSeconds);
    }

    public FaultRule afterBytes(long other) {
        return new FaultRule(kind, operation, names, nth, probability, times, other, lasting, retryAfterSeconds);
    }

    public FaultRule lasting(Duration other) {
        return new FaultRule(kind, operation, names, nth, probability, times, afterBytes, other, retryAfterSeconds);
    }

    public FaultRule retryAfterSeconds(long other) {
        return new FaultRule(kind, operation, names, nth, probability, times, afterBytes, lasting, other);
    }

    /** As the control path and the command line write it. */
    Map<String, String> asForm() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("kind", kind.label());
        form.put("op", operation.map(Operation::label).orElse(ANY));
        form.put("name", names);
        form.put("nth", Long.toString(nth));
        form.put("probability", Double.toString(probability));
        form.put("times", Long.toString(times));
        form.put("after-bytes", Long.toString(afterBytes));
        form.put("lasting-ms", Long.toString(lasting.toMillis()));
        form.put("retry-after-seconds", Long.toString(retryAfterSeconds));
        return form;
    }

    /** @throws IllegalArgumentException in one sentence that says what is wrong with it */
    static FaultRule of(Map<String, String> form) {
        String kind = form.get("kind");
        if (kind == null) {
            throw new IllegalArgumentException("a fault needs a kind");
        }
        Map<String, String> all = of(FaultKind.of(kind)).asForm();
        form.forEach((name, value) -> {
            if (all.replace(name, value) == null) {
                throw new IllegalArgumentException("a fault has no '" + name + "'; it has " + all.keySet());
            }
        });
        String operation = all.getOrDefault("op", ANY);
        return new FaultRule(
                FaultKind.of(kind),
                operation.equals(ANY) ? Optional.empty() : Optional.of(Operation.of(operation)),
                all.getOrDefault("name", ANY),
                number(all, "nth"),
                Double.parseDouble(all.getOrDefault("probability", "1")),
                number(all, "times"),
                number(all, "after-bytes"),
                Duration.ofMillis(number(all, "lasting-ms")),
                number(all, "retry-after-seconds"));
    }

    private static long number(Map<String, String> form, String name) {
        return Long.parseLong(form.getOrDefault(name, "0"));
    }

    /** Whether it is about such a request; how often, it does not say. */
    boolean fits(Operation asked, String blobName) {
        return (operation.isEmpty() || operation.get() == asked)
                && (names.equals(ANY) || glob(names).matcher(blobName).matches());
    }

    private static Pattern glob(String text) {
        StringBuilder expression = new StringBuilder();
        for (String literal : text.split("\\*", -1)) {
            expression.append(expression.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    /** Where in a body of that length it happens. */
    long place(long bodyBytes) {
        return afterBytes < 0 ? bodyBytes / 2 : Math.min(afterBytes, bodyBytes);
    }
}
