package io.forebay.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a cache folder says of itself.
 *
 * <pre>
 *    0          8        12        16              32           36
 *    ┌──────────┬────────┬─────────┬───────────────┬────────────┐
 *    │ "FOREBAY"│ format │ bytes a │ id of this    │ CRC32C of  │
 *    │ and 0    │        │ slot    │ cache, random │ 0…32       │
 *    └──────────┴────────┴─────────┴───────────────┴────────────┘
 * </pre>
 *
 * <p>Little-endian.
 *
 * @param format of all files of the cache
 * @param firstId random, like {@code secondId}: no two caches have the same
 */
record CacheHeader(int format, long firstId, long secondId) {
    /** The format that is written here. Another one is not read: the cache begins anew. */
    static final int FORMAT = 1;

    static final int BYTES = 36;

    private static final long MAGIC = 0x0059414245524F46L; // "FOREBAY\0"
    private static final int FORMAT_AT = 8;
    private static final int SLOT_BYTES_AT = 12;
    private static final int ID_AT = 16;
    private static final int CRC_AT = 32;

    ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC)
                .putInt(FORMAT_AT, format)
                .putInt(SLOT_BYTES_AT, SlotRecord.BYTES)
                .putLong(ID_AT, firstId)
                .putLong(ID_AT + Long.BYTES, secondId);
        return bytes.putInt(CRC_AT, sumOf(bytes));
    }

    /** Empty if that is no header; of another format, its number is all that is to be believed. */
    static Optional<CacheHeader> decoded(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < BYTES || bytes.getLong(0) != MAGIC) {
            return Optional.empty();
        }
        CacheHeader header =
                new CacheHeader(bytes.getInt(FORMAT_AT), bytes.getLong(ID_AT), bytes.getLong(ID_AT + Long.BYTES));
        boolean whole = bytes.getInt(CRC_AT) == sumOf(bytes) && bytes.getInt(SLOT_BYTES_AT) == SlotRecord.BYTES;
        return header.format != FORMAT || whole ? Optional.of(header) : Optional.empty();
    }

    private static int sumOf(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.slice(0, CRC_AT));
        return (int) sum.getValue();
    }
}
