package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** fsync(2) of directories whose entries are not in the store yet; what a power cut leaves has its test in the cache. */
class SyncedDirectoryTest {
    private static final StoreHook NO_PUT = TreeTest.unavailable(StoreOperation.PUT);

    @TempDir
    Path cacheParent;

    private final ManualClock clock = ManualClock.ticking();
    private final MemoryBlobStore store = new MemoryBlobStore("memory://tree", clock);
    private PathTree tree;

    @BeforeEach
    void mount() {
        tree = PathTree.writingBack(store, clock, cacheParent);
        store.beforeEffect(NO_PUT);
    }

    @AfterEach
    void unmount() {
        store.beforeEffect((_, _) -> {});
        clock.advance(Duration.ofMinutes(5));
        tree.close();
    }

    /** An upload that has failed by then is told, when all is done. */
    private void fsync(String path) throws ForebayException {
        try {
            tree.at(path, inode -> {
                tree.fs.fsyncdir(inode);
                return true;
            });
        } catch (ForebayException.Unavailable told) {
            assertThat(told).hasMessageContaining("does not answer");
        }
    }

    /** What the next mount finds, and whether it is sure of it. */
    private Map<String, Boolean> afterDeath() {
        tree.abandon();
        tree = tree.nextMount();
        return tree.cache.durableWhenKept();
    }

    @Test
    void theDirectoriesMadeInItAreSafe() throws Exception {
        tree.mkdir("a", 0755);
        tree.mkdir("a/b", 0755);
        tree.mkdir("a/b/c", 0755);
        tree.mkdir("other", 0755);
        tree.put("a/file", "in doubt until it is synced itself");
        fsync("a");

        assertThat(afterDeath())
                .containsOnly(
                        Map.entry("a", true),
                        Map.entry("a/b", true),
                        Map.entry("a/b/c", false),
                        Map.entry("other", false),
                        Map.entry("a/file", false));
    }

    @Test
    void theRootIsADirectoryToo() throws Exception {
        tree.mkdir("a", 0755);
        tree.mkdir("a/b", 0755);
        fsync("");

        assertThat(afterDeath()).containsOnly(Map.entry("a", true), Map.entry("a/b", false));
    }

    @Test
    void whatIsNoDirectoryIsRefused() throws Exception {
        tree.put("file", "text");

        assertThatThrownBy(() -> fsync("file")).isInstanceOf(ForebayException.NotADirectory.class);
    }
}
