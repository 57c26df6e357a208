package io.forebay.cache;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum of one page as it is kept on disk: CRC32C in 32 bits, with 0 for a page that is not there. */
final class PageSum {
    static final int ABSENT = 0;

    private PageSum() {}

    /** What stands for {@code sum}: itself, but for a real 0. */
    static int of(CRC32C sum) {
        int value = (int) sum.getValue();
        return value == ABSENT ? 1 : value;
    }

    /** The checksum of what remains in {@code page}, which keeps its position. */
    static int of(ByteBuffer page) {
        CRC32C sum = new CRC32C();
        sum.update(page.duplicate());
        return of(sum);
    }

    /** Takes note of the checksums of some pages that follow one another. */
    @FunctionalInterface
    interface Keeper {
        void keep(long firstPage, int[] sums);
    }
}
