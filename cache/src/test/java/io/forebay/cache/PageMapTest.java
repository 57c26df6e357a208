package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageMapTest {
    private static final int PAGE = PageMap.PAGE_BYTES;

    @Test
    void pagesBehindTheOriginCountAsPresent() {
        PageMap pages = new PageMap(PAGE + 1);

        assertThat(pages.isPresent(0)).isFalse();
        assertThat(pages.isPresent(1)).as("holds the last byte of the version").isFalse();
        assertThat(pages.isPresent(2)).isTrue();
        assertThat(pages.firstMissing(2, 1_000_000_000)).isEqualTo(1_000_000_000);
    }

    @Test
    void runsGoAcrossTheBoundaryOfTwoBitmaps() {
        long border = 1 << 16;
        PageMap pages = new PageMap(3 * border * PAGE);

        pages.markPresent(border - 2, border + 3);

        assertThat(pages.firstMissing(border - 2, 2 * border)).isEqualTo(border + 3);
        assertThat(pages.firstPresent(0, 2 * border)).isEqualTo(border - 2);
        assertThat(pages.firstPresent(border + 3, 3 * border)).isEqualTo(3 * border);
    }

    @Test
    void theOriginOnlyMovesDown() {
        PageMap pages = new PageMap(10 * PAGE);
        pages.cutOrigin(4 * PAGE + 1);
        pages.cutOrigin(8 * PAGE);

        assertThat(pages.originBytes()).isEqualTo(4 * PAGE + 1);
        assertThat(pages.isPresent(4)).isFalse();
        assertThat(pages.isPresent(5)).isTrue();
    }

    @Test
    void agreesWithAPlainBitSet() {
        Random random = new Random(7);
        int limit = 3 * (1 << 16);
        PageMap pages = new PageMap((long) limit * PAGE);
        BitSet reference = new BitSet(limit);
        for (int round = 0; round < 500; round++) {
            int from = random.nextInt(limit);
            int to = Math.min(limit, from + random.nextInt(2_000));
            pages.markPresent(from, to);
            reference.set(from, to);
            int start = random.nextInt(limit);
            int end = start + random.nextInt(limit - start + 1);
            assertThat(pages.firstMissing(start, end)).isEqualTo(Math.min(end, reference.nextClearBit(start)));
            int present = reference.nextSetBit(start);
            assertThat(pages.firstPresent(start, end)).isEqualTo(present < 0 ? end : Math.min(end, present));
        }
    }
}
