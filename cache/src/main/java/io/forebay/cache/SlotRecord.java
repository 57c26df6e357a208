package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One slot of the index, which says what one content file holds. A free slot is all zeros.
 *
 * <pre>
 *    0         4     5     6          8          12                  16                24
 *    ┌─────────┬─────┬─────┬──────────┬──────────┬───────────────────┬─────────────────┐
 *    │ CRC32C  │state│flags│name bytes│ boot tag │ pages that are    │ length of the   │
 *    │ of 4…512│     │     │          │          │ there             │ content         │
 *    ├─────────┴─────┴─────┴──────────┼──────────┴───────────────────┼─────────────────┤ 48
 *    │ 24  generation                 │ 32  last use, s since 1970   │ 40  store tag   │
 *    ├────────────────────────────────┴──────────────────────────────┴─────────────────┤ 80
 *    │ 48  key: SHA-256 of the version                                                 │
 *    ├─────────────────────────────────────────────────────────────────────────────────┤ 144
 *    │ 80  checksums of the first 16 pages; unused where there is a page file          │
 *    ├─────────────────────────────────────────────────────────────────────────────────┤ 512
 *    │ 144 name of the blob, UTF-8, as much as fits                                    │
 *    └─────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Little-endian, but for the key, which is bytes.
 *
 * @param key the version
 * @param lengthBytes the length of the content and of its file
 * @param generation what the content's page file must repeat, so that no older one is taken for it
 * @param bootTag the {@link Boot} in which all of it was written or checked
 * @param pages how many pages are there
 * @param lastUseSeconds since 1970
 * @param storeTag the store, as {@link VersionKey#tagOf} gives it
 * @param pinned whether eviction leaves it alone
 * @param name of the blob, cut where it is too long to be kept
 */
record SlotRecord(
        VersionKey key,
        long lengthBytes,
        long generation,
        int bootTag,
        int pages,
        long lastUseSeconds,
        long storeTag,
        boolean pinned,
        Name name) {
    static final int BYTES = 512;
    /** Content of up to 1 MiB needs no page file. */
    static final int SUMS = 16;

    private static final int CRC_AT = 0;
    private static final int STATE_AT = 4;
    private static final int FLAGS_AT = 5;
    private static final int NAME_LENGTH_AT = 6;
    private static final int BOOT_TAG_AT = 8;
    private static final int PAGES_AT = 12;
    private static final int LENGTH_AT = 16;
    private static final int GENERATION_AT = 24;
    private static final int LAST_USE_AT = 32;
    private static final int STORE_TAG_AT = 40;
    private static final int KEY_AT = 48;
    private static final int SUMS_AT = KEY_AT + VersionKey.BYTES;
    private static final int NAME_AT = SUMS_AT + SUMS * Integer.BYTES;
    private static final int NAME_BYTES = BYTES - NAME_AT;

    private static final byte FREE = 0;
    private static final byte CLEAN = 1;
    private static final byte NAME_IS_CUT = 1;
    private static final byte PINNED = 2;

    /** Whether the slot of a content of that length has room for all its checksums. */
    static boolean holdsSumsOf(long lengthBytes) {
        return PageMap.pagesUpTo(lengthBytes) <= SUMS;
    }

    /**
     * A blob's name in a slot.
     *
     * @param text its beginning
     * @param isCut whether there is more
     */
    record Name(String text, boolean isCut) {
        static Name of(String name) {
            String text = name;
            while (text.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
                // Never between the two halves of one character.
                text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
            }
            return new Name(text, text.length() < name.length());
        }
    }

    /** What one slot is, without making anything of it. */
    enum Kind {
        FREE,
        CLEAN,
        DAMAGED
    }

    /** What the slot that begins at {@code at} is; {@code sum} is used for that, and reset. */
    static Kind kindAt(ByteBuffer index, int at, CRC32C sum) {
        int crc = index.getInt(at + CRC_AT);
        byte state = index.get(at + STATE_AT);
        if (crc == 0 && state == FREE) {
            return Kind.FREE;
        }
        sum.reset();
        int limit = index.limit();
        index.limit(at + BYTES).position(at + STATE_AT);
        sum.update(index);
        index.limit(limit);
        return crc == (int) sum.getValue() && state == CLEAN ? Kind.CLEAN : Kind.DAMAGED;
    }

    /** Whether a buffer that is one slot holds a version, undamaged. */
    static boolean isClean(ByteBuffer slot) {
        return kindAt(slot.duplicate().order(ByteOrder.LITTLE_ENDIAN), 0, new CRC32C()) == Kind.CLEAN;
    }

    static boolean isPinnedAt(ByteBuffer index, int at) {
        return (index.get(at + FLAGS_AT) & PINNED) != 0;
    }

    static long prefixAt(ByteBuffer index, int at) {
        return Long.reverseBytes(index.getLong(at + KEY_AT));
    }

    static int pagesAt(ByteBuffer index, int at) {
        return index.getInt(at + PAGES_AT);
    }

    static int lastUseAt(ByteBuffer index, int at) {
        return Math.clamp(index.getLong(at + LAST_USE_AT), 0, Integer.MAX_VALUE);
    }

    static long lengthAt(ByteBuffer index, int at) {
        return index.getLong(at + LENGTH_AT);
    }

    /** The same of content that eviction may give up. */
    SlotRecord unpinned() {
        return new SlotRecord(key, lengthBytes, generation, bootTag, pages, lastUseSeconds, storeTag, false, name);
    }

    /** The slot as it lies on disk, with the checksums of the first pages. */
    ByteBuffer encoded(int[] sums) {
        byte[] text = name.text().getBytes(StandardCharsets.UTF_8);
        ByteBuffer slot = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        slot.put(STATE_AT, CLEAN)
                .put(FLAGS_AT, (byte) ((name.isCut() ? NAME_IS_CUT : 0) | (pinned ? PINNED : 0)))
                .putShort(NAME_LENGTH_AT, (short) text.length)
                .putInt(BOOT_TAG_AT, bootTag)
                .putInt(PAGES_AT, pages)
                .putLong(LENGTH_AT, lengthBytes)
                .putLong(GENERATION_AT, generation)
                .putLong(LAST_USE_AT, lastUseSeconds)
                .putLong(STORE_TAG_AT, storeTag)
                .put(NAME_AT, text);
        key.write(slot.duplicate(), KEY_AT);
        for (int i = 0; i < SUMS; i++) {
            slot.putInt(SUMS_AT + i * Integer.BYTES, sums[i]);
        }
        CRC32C sum = new CRC32C();
        sum.update(slot.slice(STATE_AT, BYTES - STATE_AT));
        return slot.putInt(CRC_AT, (int) sum.getValue());
    }

    /**
     * Reads a slot that is not free.
     *
     * @throws ForebayException.Corrupt if it is free or damaged
     */
    static SlotRecord decoded(ByteBuffer slot) throws ForebayException {
        ByteBuffer source = slot.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (kindAt(source, 0, new CRC32C()) != Kind.CLEAN) {
            throw new ForebayException.Corrupt("a slot of the cache's index is damaged");
        }
        byte[] text = new byte[Math.clamp(source.getShort(NAME_LENGTH_AT), 0, NAME_BYTES)];
        source.get(NAME_AT, text);
        return new SlotRecord(
                VersionKey.read(slot.duplicate(), KEY_AT),
                source.getLong(LENGTH_AT),
                source.getLong(GENERATION_AT),
                source.getInt(BOOT_TAG_AT),
                source.getInt(PAGES_AT),
                source.getLong(LAST_USE_AT),
                source.getLong(STORE_TAG_AT),
                isPinnedAt(source, 0),
                new Name(new String(text, StandardCharsets.UTF_8), (source.get(FLAGS_AT) & NAME_IS_CUT) != 0));
    }

    /** The checksums of the first pages, out of a slot. */
    static int[] sumsOf(ByteBuffer slot) {
        ByteBuffer source = slot.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int[] sums = new int[SUMS];
        for (int i = 0; i < SUMS; i++) {
            sums[i] = source.getInt(SUMS_AT + i * Integer.BYTES);
        }
        return sums;
    }
}
