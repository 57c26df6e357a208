package io.forebay.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Makes the checksums of the pages of a content while its bytes pass by, in order. */
final class PageSums {
    /** Pages whose checksums are handed on together: 8 MiB of content. */
    private static final int BATCH = 128;

    private final long sizeBytes;
    private final PageSum.Keeper keeper;
    private final CRC32C sum = new CRC32C();
    private final int[] batch = new int[BATCH];
    private int count;
    private long firstPage;
    private long position;
    /** Whether the page at {@code position} passes by from its beginning. */
    private boolean fromStart;

    /**
     * For the bytes from {@code position} on.
     *
     * @param sizeBytes where the content, and so its last page, ends
     */
    PageSums(long position, long sizeBytes, PageSum.Keeper keeper) {
        this.position = position;
        this.sizeBytes = sizeBytes;
        this.keeper = keeper;
        this.firstPage = PageMap.pagesUpTo(position);
        this.fromStart = position % PageMap.PAGE_BYTES == 0;
    }

    void add(byte[] bytes, int offset, int length) {
        add(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Takes all that remains in {@code bytes}. */
    void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            long pageEnd = Math.min(sizeBytes, (PageMap.pageOf(position) + 1) * PageMap.PAGE_BYTES);
            int part = (int) Math.min(bytes.remaining(), pageEnd - position);
            sum.update(bytes.slice(bytes.position(), part));
            bytes.position(bytes.position() + part);
            position += part;
            if (position == pageEnd) {
                endPage();
            }
        }
    }

    private void endPage() {
        if (fromStart) {
            batch[count++] = PageSum.of(sum);
        }
        sum.reset();
        fromStart = true;
        if (count == BATCH) {
            flush();
        }
    }

    /** Hands on what was not yet; a page that is not complete is left out. */
    void flush() {
        if (count > 0) {
            keeper.keep(firstPage, Arrays.copyOf(batch, count));
            firstPage += count;
            count = 0;
        }
    }
}
