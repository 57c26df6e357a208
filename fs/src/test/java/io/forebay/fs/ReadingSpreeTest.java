package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReadingSpreeTest {
    private static final Duration LONG_AGO = Duration.ofSeconds(6);

    private final ManualClock clock = new ManualClock();
    private final ReadingSpree spree = new ReadingSpree(clock);

    @BeforeEach
    void room() {
        spree.shareIs(Long.MAX_VALUE);
    }

    private void miss(int count) {
        for (int i = 0; i < count; i++) {
            spree.opened("f" + i, 100, false);
        }
    }

    /** How many may be fetched now; the clock stands still, so that the next one would be waited for. */
    private int appetite(int most) throws Exception {
        int fetched = 0;
        while (fetched < most) {
            FutureTask<Boolean> next = new FutureTask<>(() -> spree.awaitAppetite(100));
            Thread waiting = Thread.ofPlatform().daemon().start(next);
            PathTree.await(
                    "it is fetched or waits", () -> next.isDone() || waiting.getState() == Thread.State.TIMED_WAITING);
            if (!next.isDone()) {
                waiting.interrupt();
                waiting.join(TimeUnit.SECONDS.toMillis(30));
                return fetched;
            }
            assertThat(next.get()).isTrue();
            spree.fetched(100);
            fetched++;
        }
        return fetched;
    }

    @Test
    void the_third_miss_begins() {
        assertThat(spree.opened("a", 100, false)).isFalse();
        assertThat(spree.opened("b", 100, true)).isFalse();
        assertThat(spree.opened("c", 100, false)).isFalse();
        assertThat(spree.opened("d", 100, false)).isTrue();
    }

    @Test
    void files_that_are_here_are_no_reason() {
        for (int i = 0; i < 100; i++) {
            assertThat(spree.opened("f" + i, 100, true)).isFalse();
        }
    }

    @Test
    void there_is_one_walk_at_a_time() {
        miss(3);
        assertThat(spree.beginWalk()).isTrue();
        assertThat(spree.beginWalk()).isFalse();
        assertThat(spree.opened("g", 100, false)).isFalse();
        spree.endWalk();
        assertThat(spree.beginWalk()).isTrue();
    }

    @Test
    void appetite_grows_with_the_square_of_what_was_opened() throws Exception {
        miss(3);
        spree.beginWalk();
        assertThat(appetite(1_000)).isEqualTo(9);
        miss(1);
        assertThat(appetite(1_000)).isEqualTo(7);
        spree.opened("hit", 100, true);
        assertThat(appetite(1_000)).isEqualTo(10);
    }

    @Test
    void no_more_is_fetched_ahead_than_its_share_of_the_cache() throws Exception {
        spree.shareIs(250);
        miss(3);
        spree.beginWalk();
        assertThat(appetite(1_000)).isEqualTo(2);
        spree.opened("hit", 100, true);
        assertThat(appetite(1_000)).isEqualTo(1);
    }

    @Test
    void it_ends_when_nothing_was_opened_for_a_while() throws Exception {
        miss(3);
        clock.advance(LONG_AGO);
        assertThat(spree.isGoingOn()).isFalse();
        assertThat(spree.awaitAppetite(1)).isFalse();
        assertThat(spree.opened("f", 100, false)).as("a new spree").isFalse();
    }

    @Test
    void what_was_not_used_shrinks_the_appetite_and_what_is_used_restores_it() throws Exception {
        miss(8);
        spree.beginWalk();
        assertThat(appetite(64)).isEqualTo(64);
        clock.advance(LONG_AGO);
        spree.endWalk();

        miss(8);
        spree.beginWalk();
        assertThat(appetite(64)).isEqualTo(32);
        for (int i = 0; i < 32; i++) {
            spree.opened("hit" + i, 100, true);
        }
        clock.advance(LONG_AGO);
        spree.endWalk();

        miss(8);
        spree.beginWalk();
        assertThat(appetite(64)).isEqualTo(64);
    }

    @Test
    void several_threads_that_read_in_order_are_in_order() {
        for (String name : new String[] {"a", "c", "b", "d", "e", "g", "f", "h"}) {
            spree.opened(name, 1, false);
        }
        assertThat(spree.isInOrder()).isTrue();
        for (String name : new String[] {"a", "z", "b", "y", "c", "x"}) {
            spree.opened(name, 1, false);
        }
        assertThat(spree.isInOrder()).isFalse();
    }
}
