package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What came of several calls that were let go at the same moment.
 *
 * @param failures what each racer failed with, by its number; null for those that succeeded
 */
record Race(List<@Nullable Throwable> failures) {
    private static final long LIMIT_SECONDS = 60;

    interface Racer {
        BlobProperties run(int number) throws Exception;
    }

    static Race of(int racers, Racer racer) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(racers);
        List<@Nullable Throwable> failures = new ArrayList<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<BlobProperties>> runs = new ArrayList<>();
            for (int number = 0; number < racers; number++) {
                int own = number;
                runs.add(threads.submit(() -> {
                    start.await(LIMIT_SECONDS, TimeUnit.SECONDS);
                    return racer.run(own);
                }));
            }
            for (Future<BlobProperties> run : runs) {
                failures.add(failureOf(run));
            }
        } finally {
            threads.shutdownNow();
        }
        return new Race(failures);
    }

    private static @Nullable Throwable failureOf(Future<BlobProperties> run) throws InterruptedException {
        try {
            run.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (TimeoutException late) {
            return late;
        }
    }

    void allWin() {
        assertThat(failures).containsOnlyNulls();
    }

    /** The number of the one that succeeded, once it is sure that there is only one and all others failed rightly. */
    int onlyWinner(Class<?>... alsoAllowed) {
        List<Class<?>> allowed = new ArrayList<>(List.of(alsoAllowed));
        allowed.add(ForebayException.Changed.class);
        List<Integer> winners = new ArrayList<>();
        for (int number = 0; number < failures.size(); number++) {
            Throwable failure = failures.get(number);
            if (failure == null) {
                winners.add(number);
            } else {
                assertThat(failure).isInstanceOfAny(allowed.toArray(Class<?>[]::new));
            }
        }
        assertThat(winners).as("winners; the others: %s", failures).hasSize(1);
        return winners.getFirst();
    }
}
