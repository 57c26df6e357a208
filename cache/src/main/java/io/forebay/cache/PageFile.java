package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Which pages of one large content are in its file, and their checksums: the page map and the sums in one.
 *
 * <pre>
 *    0        4        8                 16       20
 *    ┌────────┬────────┬─────────────────┬────────┬────────┬───
 *    │ "FBPG" │ format │ generation      │ page 0 │ page 1 │ …    0: not there
 *    └────────┴────────┴─────────────────┴────────┴────────┴───
 * </pre>
 *
 * <p>Little-endian. Not safe for use by many threads.
 */
final class PageFile {
    private static final int MAGIC = 0x47504246; // "FBPG"
    private static final int HEADER_BYTES = 16;
    /** 16,384 pages: 1 GiB of content. */
    private static final int PART_BYTES = 64 << 10;

    private final SparseFile file;

    PageFile(SparseFile file) {
        this.file = file;
    }

    /** Writes the page file of a content of which nothing is there yet. */
    void begin(long pages, long generation) throws ForebayException {
        file.setLength(0);
        file.setLength(lengthFor(pages));
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).putInt(CacheHeader.FORMAT).putLong(generation);
        file.write(0, header.flip());
    }

    /** The content has so many pages from now on; of those that are new nothing is there. */
    void resize(long pages) throws ForebayException {
        file.setLength(lengthFor(pages));
    }

    /**
     * Fails if this is not the page file of that content.
     *
     * @throws ForebayException.Corrupt if it is of another one, or damaged
     */
    void check(long pages, long generation) throws ForebayException {
        long length = file.length();
        if (length != lengthFor(pages)) {
            throw new ForebayException.Corrupt("the page file " + file.path() + " has a length of " + length);
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(0, header);
        header.flip();
        if (header.getInt() != MAGIC || header.getInt() != CacheHeader.FORMAT || header.getLong() != generation) {
            throw new ForebayException.Corrupt("the page file " + file.path() + " belongs to another content");
        }
    }

    private static long lengthFor(long pages) {
        return HEADER_BYTES + pages * Integer.BYTES;
    }

    void write(long firstPage, int[] sums) throws ForebayException {
        ByteBuffer bytes = ByteBuffer.allocate(sums.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(sums);
        file.write(HEADER_BYTES + firstPage * Integer.BYTES, bytes);
    }

    int[] read(long firstPage, int count) throws ForebayException {
        ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(HEADER_BYTES + firstPage * Integer.BYTES, bytes);
        int[] sums = new int[count];
        bytes.flip().asIntBuffer().get(sums);
        return sums;
    }

    /** Shows all checksums, in parts. */
    void readAll(long pages, PageSum.Keeper keeper) throws ForebayException {
        int most = PART_BYTES / Integer.BYTES;
        for (long page = 0; page < pages; page += most) {
            keeper.keep(page, read(page, (int) Math.min(most, pages - page)));
        }
    }

    /** Holds no descriptor until it is used again. */
    void rest() throws ForebayException {
        file.rest();
    }

    void close() throws ForebayException {
        file.close();
    }
}
