package io.forebay.nativetests.ground;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for a condition, never longer than a limit. */
public final class Await {
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private Await() {}

    /** Whether {@code condition} became true within {@code limit}. */
    public static boolean holds(Duration limit, Callable<Boolean> condition) throws InterruptedException {
        long startNanos = System.nanoTime();
        while (!call(condition)) {
            if (System.nanoTime() - startNanos > limit.toNanos()) {
                return false;
            }
            Thread.sleep(INTERVAL);
        }
        return true;
    }

    /** Fails with {@code what} if {@code condition} does not become true within {@code limit}. */
    public static void until(Duration limit, String what, Callable<Boolean> condition) throws InterruptedException {
        until(limit, () -> what, condition);
    }

    /** {@link #until} with words that cost something to find. */
    public static void until(Duration limit, Supplier<String> what, Callable<Boolean> condition)
            throws InterruptedException {
        if (!holds(limit, condition)) {
            throw new AssertionError("not within " + limit.toSeconds() + " s: " + what.get());
        }
    }

    private static boolean call(Callable<Boolean> condition) throws InterruptedException {
        try {
            return condition.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the awaited condition itself failed", e);
        }
    }
}
