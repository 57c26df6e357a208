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

    /** Has the checksums of a range of whole pages, once all of them have been kept. */
    static final class Collector implements Keeper {
        private final long firstPage;
        private final int[] sums;

        Collector(long offset, long length) {
            this.firstPage = PageMap.pageOf(offset);
            this.sums = new int[Math.toIntExact(PageMap.pagesUpTo(offset + length) - firstPage)];
        }

        @Override
        public void keep(long first, int[] some) {
            System.arraycopy(some, 0, sums, Math.toIntExact(first - firstPage), some.length);
        }

        int[] sums() {
            return sums;
        }
    }

    /** Takes note of the checksums of some pages that follow one another. */
    @FunctionalInterface
    interface Keeper {
        void keep(long firstPage, int[] sums);
    }
}
