package io.forebay.blob;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.Corrupt;
import io.forebay.base.error.ForebayException.Interrupted;
import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one operation: how many there were, whether an answer was lost, and whether there may be another.
 * Used by one thread.
 */
final class Attempts {
    /** One try. */
    interface Attempt<T> {
        T run() throws ForebayException;
    }

    private final StoreGate gate;
    private final long ticket;
    private final RetryPolicy policy;
    private final RandomGenerator random;
    private final Metrics metrics;
    private final Deadline deadline;
    private final Clock clock;
    private final long beganNanos;
    private int made;
    private int failuresInARow;
    private int corruptInARow;
    private StoreGate.@Nullable Pass pass;
    private @Nullable ForebayException lastFailure;

    Attempts(
            StoreGate gate,
            RetryPolicy policy,
            Clock clock,
            RandomGenerator random,
            Metrics metrics,
            Deadline deadline) {
        this.gate = gate;
        this.ticket = gate.ticket();
        this.policy = policy;
        this.clock = clock;
        this.random = random;
        this.metrics = metrics;
        this.deadline = deadline;
        this.beganNanos = clock.nanoTime();
    }

    /** Repeats {@code attempt} until it succeeds, fails for good, or the deadline leaves no room for another. */
    <T> T until(Attempt<T> attempt) throws ForebayException {
        while (true) {
            ForebayException failure;
            try (StoreGate.Pass entered = enter()) {
                pass = entered;
                made++;
                try {
                    return attempt.run();
                } catch (Unavailable busy) {
                    entered.failed(busy);
                    failure = busy;
                } catch (Corrupt damaged) {
                    failure = damaged;
                }
            }
            prepareAnother(mostTelling(failure));
        }
    }

    /** An attempt that the deadline cut short says less than the one before it. */
    private ForebayException mostTelling(ForebayException failure) {
        return lastFailure != null && deadline.passed() ? lastFailure : failure;
    }

    private StoreGate.Pass enter() throws ForebayException {
        try {
            return gate.enter(ticket, deadline);
        } catch (Unavailable notInTime) {
            throw lastFailure == null ? notInTime : gaveUp(lastFailure);
        }
    }

    /** Returns when there may be another attempt, and otherwise throws. */
    private void prepareAnother(ForebayException failure) throws ForebayException {
        lastFailure = failure;
        if (failure instanceof Corrupt) {
            corruptInARow++;
            if (corruptInARow >= policy.corruptAttempts()) {
                throw failure;
            }
        } else {
            corruptInARow = 0;
        }
        if (failure instanceof Unavailable busy && busy.isThrottling()) {
            // The gate makes the pause, for everybody.
            metrics.increment(Metric.STORE_RETRIES);
        } else {
            pauseAfter(
                    failure,
                    failure instanceof Unavailable busy ? busy.retryAfter().orElse(null) : null);
        }
    }

    /** The present attempt has moved so many bytes of a blob. */
    void moved(long bytes) {
        Objects.requireNonNull(pass, "bytes move during an attempt").moved(bytes);
    }

    /** Whether an attempt before the present one ended without an answer, and so may have taken effect. */
    boolean answerWasLost() {
        return made > 1;
    }

    /** The present attempt got somewhere: the next pause is a short one again. */
    void progressed() {
        failuresInARow = 0;
        corruptInARow = 0;
    }

    private void pauseAfter(ForebayException failure, @Nullable Duration asked) throws ForebayException {
        failuresInARow++;
        Duration pause = policy.pause(failuresInARow, random);
        if (asked != null && asked.compareTo(pause) > 0) {
            pause = asked;
        }
        if (pause.compareTo(deadline.remaining()) >= 0) {
            throw gaveUp(failure);
        }
        try {
            clock.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Interrupted(failure.getMessage() + "; interrupted before another attempt", interrupted);
        }
        metrics.increment(Metric.STORE_RETRIES);
    }

    private ForebayException gaveUp(ForebayException last) {
        double seconds = (clock.nanoTime() - beganNanos) / 1e9;
        String tried = String.format(
                Locale.ROOT, "; gave up after %d %s in %.1f s", made, made == 1 ? "attempt" : "attempts", seconds);
        return last instanceof Corrupt
                ? new Corrupt(last.getMessage() + tried, last)
                : new Unavailable(last.getMessage() + tried, last);
    }
}
