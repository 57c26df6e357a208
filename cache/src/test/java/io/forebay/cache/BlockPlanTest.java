package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPlanTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 8 * MIB, 8 * MIB + 1, 50_000 * 8 * MIB, 50_000 * 8 * MIB + 1, BlobStore.MAX_BLOB_BYTES})
    void coversTheContentWithinAllLimits(long sizeBytes) throws Exception {
        BlockPlan plan = BlockPlan.of(sizeBytes, 8 * MIB);

        assertThat(plan.count()).isBetween(1, BlobStore.MAX_BLOCKS);
        assertThat(plan.blockBytes()).isBetween(8 * MIB, BlobStore.MAX_BLOCK_BYTES);
        int last = plan.count() - 1;
        assertThat(plan.length(last)).isBetween(1L, plan.blockBytes());
        assertThat(plan.offset(last) + plan.length(last)).isEqualTo(sizeBytes);
    }

    @Test
    void growsOnlyWhenItMust() throws Exception {
        assertThat(BlockPlan.of(50_000 * 8 * MIB, 8 * MIB).blockBytes()).isEqualTo(8 * MIB);
        assertThat(BlockPlan.of(50_000 * 8 * MIB + 1, 8 * MIB).blockBytes()).isEqualTo(9 * MIB);
    }

    @Test
    void refusesWhatNoBlobCanHold() {
        assertThatThrownBy(() -> BlockPlan.of(BlobStore.MAX_BLOB_BYTES + 1, 8 * MIB))
                .isInstanceOf(ForebayException.TooLarge.class);
    }
}
