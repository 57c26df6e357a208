package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Waits on the calling thread for what the SDK does on others, no longer than the deadline and the stall limit allow,
 * and breaks the request off when the wait ends without an answer.
 *
 * @param stallLimit the longest time without progress
 */
record Exchange(Duration stallLimit) {
    /** The answer to a call whose only progress is its end. */
    <T> T answer(AzureCall call, Mono<T> answer, Deadline deadline) throws ForebayException {
        return answer(call, answer, () -> 0, deadline);
    }

    /**
     * The answer to a call.
     *
     * @param progress a number that changes while the call gets on
     */
    <T> T answer(AzureCall call, Mono<T> answer, LongSupplier progress, Deadline deadline) throws ForebayException {
        call.checkTimeLeft(deadline);
        CompletableFuture<@Nullable T> pending = answer.toFuture();
        try {
            return await(call, pending, progress, deadline);
        } catch (ExecutionException failed) {
            throw SdkFailures.translate(call, failed);
        } catch (InterruptedException interrupted) {
            throw AzureFailures.interrupted(call, interrupted);
        } finally {
            pending.cancel(true);
        }
    }

    private <T> T await(
            AzureCall call, CompletableFuture<@Nullable T> pending, LongSupplier progress, Deadline deadline)
            throws ForebayException, ExecutionException, InterruptedException {
        while (true) {
            long before = progress.getAsLong();
            try {
                T answer = pending.get(patience(deadline).toNanos(), TimeUnit.NANOSECONDS);
                if (answer == null) {
                    throw new ForebayException.Unexpected(call.failedBecause("the SDK ended without an answer"), null);
                }
                return answer;
            } catch (TimeoutException nothingYet) {
                call.checkTimeLeft(deadline);
                if (progress.getAsLong() == before) {
                    throw stalled(call);
                }
            }
        }
    }

    /** How long to wait for the next sign of life. */
    Duration patience(Deadline deadline) {
        Duration remaining = deadline.remaining();
        return remaining.compareTo(stallLimit) < 0 ? remaining : stallLimit;
    }

    ForebayException.Unavailable stalled(AzureCall call) {
        return call.unavailable("nothing moved for " + stallLimit.toMillis() + " ms");
    }
}
