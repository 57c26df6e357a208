package io.forebay.nativetests.scenario;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The {@link FileExerciser} on every ground: the same seed every time, and a new one with each {@code ./dev soak fsx},
 * which says how many operations there are to be.
 */
class FileExerciserTest {
    /** Enough for every pair of operations to meet, in seconds. */
    private static final long OPERATIONS = Long.getLong("forebay.fsx.operations", 3_000);

    private static final long SEED = Long.getLong("forebay.fsx.seed", 1);

    @RegisterExtension
    final Stores stores = new Stores();

    @ParameterizedTest
    @EnumSource(GroundKind.class)
    void a_file_is_what_was_done_to_it(GroundKind kind, @TempDir Path work) throws Exception {
        try (Ground ground = kind.open(work, stores)) {
            boolean zeroesRanges = ground.lacks(Capability.ZERO_RANGE).isEmpty();
            FileExerciser exerciser = new FileExerciser(ground.root().resolve("file"), SEED, zeroesRanges);
            try (exerciser) {
                for (long operation = 0; operation < OPERATIONS; operation++) {
                    exerciser.step();
                }
            } catch (Throwable failure) {
                throw new AssertionError("seed " + SEED + " on " + ground.name() + "\n" + ground.evidence(), failure);
            }
            exerciser.compareAll();
            ground.remount();
            exerciser.compareAll();
        }
    }
}
