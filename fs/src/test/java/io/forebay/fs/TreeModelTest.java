package io.forebay.fs;

import io.forebay.testkit.model.ModelCheck;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations on the tree and on a reference. {@code -Dforebay.model.seeds=N} tries another number of seeds, and
 * {@code -Dforebay.model.first=S} begins with another one.
 */
final class TreeModelTest {
    private static final int OPERATIONS = 200;

    @TempDir
    Path cacheParent;

    @Test
    void the_tree_does_what_a_simple_one_does() {
        long first = Long.getLong("forebay.model.first", 1);
        long seeds = Long.getLong("forebay.model.seeds", 300);
        LongStream.range(first, first + seeds).forEach(this::check);
    }

    private void check(long seed) {
        new ModelCheck<>(new RandomTreeOperations(), new TreeTrial(cacheParent)).run(seed, OPERATIONS);
    }
}
