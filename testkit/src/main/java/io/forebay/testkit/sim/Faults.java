package io.forebay.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rules by which requests go wrong. The first one that applies to a request is the only one. */
final class Faults {
    private static final class Armed {
        final FaultRule rule;
        long fitted;
        long happened;

        Armed(FaultRule rule) {
            this.rule = rule;
        }

        boolean happens(RandomGenerator random) {
            fitted++;
            boolean now = (rule.nth() == 0 || rule.nth() == fitted)
                    && (rule.times() == 0 || happened < rule.times())
                    && (rule.probability() >= 1 || random.nextDouble() < rule.probability());
            if (now) {
                happened++;
            }
            return now;
        }
    }

    private final RandomGenerator random;
    private final List<Armed> rules = new ArrayList<>();

    /** @param random is used under this object's lock */
    Faults(RandomGenerator random) {
        this.random = random;
    }

    synchronized void add(FaultRule rule) {
        rules.add(new Armed(rule));
    }

    synchronized void clear() {
        rules.clear();
    }

    /** What is to happen to such a request, or null. */
    synchronized @Nullable FaultRule next(Operation operation, String blobName) {
        for (Armed armed : rules) {
            if (armed.rule.fits(operation, blobName) && armed.happens(random)) {
                return armed.rule;
            }
        }
        return null;
    }

    /** How often any rule happened since the last was cleared. */
    synchronized long happened() {
        return rules.stream().mapToLong(armed -> armed.happened).sum();
    }

    /** Each rule, and how often it fitted and happened. */
    synchronized String report() {
        StringBuilder report = new StringBuilder();
        for (Armed armed : rules) {
            report.append(armed.rule.asForm())
                    .append(" fitted=")
                    .append(armed.fitted)
                    .append(" happened=")
                    .append(armed.happened)
                    .append('\n');
        }
        return report.toString();
    }
}
