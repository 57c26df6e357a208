package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A tree over an empty container; after each test everything is committed, and nothing is held. */
abstract class TreeTest {
    static final StoreHook NOTHING = (_, _) -> {};

    @TempDir
    Path cacheParent;

    PathTree tree;

    @BeforeEach
    void mount() {
        tree = PathTree.overEmptyStore(cacheParent);
    }

    @AfterEach
    void unmount() {
        tree.close();
    }

    /** Fails every request of one kind, before it takes effect. */
    static StoreHook unavailable(StoreOperation failing) {
        return (operation, name) -> {
            if (operation == failing) {
                throw new ForebayException.Unavailable("the store does not answer about " + name);
            }
        };
    }

    /** Runs {@code meanwhile} once, before the first request of one kind takes effect. */
    StoreHook once(StoreOperation before, Meanwhile meanwhile) {
        return (operation, _) -> {
            if (operation == before) {
                tree.store.beforeEffect(NOTHING);
                meanwhile.run();
            }
        };
    }

    /** What somebody else does while a request is under way. */
    @FunctionalInterface
    interface Meanwhile {
        void run() throws ForebayException;
    }

    /** Returns when {@code thread} has ended, or waits for a claim. */
    static void awaitEndOrWaiting(Thread thread) {
        long endNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime() - endNanos).as("time is up").isNegative();
            Thread.onSpinWait();
        }
    }

    void assertBlobs(String... names) {
        assertThat(tree.store.names()).containsExactlyInAnyOrder(names);
    }
}
