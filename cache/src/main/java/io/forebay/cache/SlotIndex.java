package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The file of all slots of one disk. Each slot is written whole, so that what is read of it is old or new. */
final class SlotIndex {
    /** 2,048 slots; as much as a file is read at a time anyway. */
    private static final int SCAN_BYTES = 1 << 20;

    private final SparseFile file;

    SlotIndex(SparseFile file) {
        this.file = file;
    }

    /** Reads all slots into {@code slots}, and returns how many are damaged: they count as free. */
    int scan(DiskSlots slots) throws ForebayException {
        int count = Math.toIntExact(file.length() / SlotRecord.BYTES);
        slots.expect(count);
        ByteBuffer part = ByteBuffer.allocateDirect(Math.min(SCAN_BYTES, Math.max(1, count) * SlotRecord.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        CRC32C sum = new CRC32C();
        int damaged = 0;
        for (int slot = 0; slot < count; ) {
            int here = Math.min(count - slot, part.capacity() / SlotRecord.BYTES);
            part.limit(here * SlotRecord.BYTES).position(0);
            file.read((long) slot * SlotRecord.BYTES, part);
            for (int at = 0; at < here * SlotRecord.BYTES; at += SlotRecord.BYTES) {
                damaged += take(part, at, sum, slots);
            }
            slot += here;
        }
        slots.order();
        return damaged;
    }

    private static int take(ByteBuffer part, int at, CRC32C sum, DiskSlots slots) {
        SlotRecord.Kind kind = SlotRecord.kindAt(part, at, sum);
        if (kind == SlotRecord.Kind.CLEAN) {
            slots.addResting(
                    SlotRecord.prefixAt(part, at),
                    SlotRecord.pagesAt(part, at),
                    SlotRecord.lastUseAt(part, at),
                    SlotRecord.lengthAt(part, at),
                    SlotRecord.isPinnedAt(part, at));
        } else {
            slots.addFree();
        }
        return kind == SlotRecord.Kind.DAMAGED ? 1 : 0;
    }

    /** Takes one slot that is not free. */
    @FunctionalInterface
    interface SlotVisitor {
        void visit(int slot, SlotRecord record);
    }

    /** Shows what each of the first {@code count} slots says, as far as it says something. */
    void visit(int count, SlotVisitor visitor) throws ForebayException {
        int known = Math.toIntExact(Math.min(count, file.length() / SlotRecord.BYTES));
        ByteBuffer part = ByteBuffer.allocateDirect(Math.min(SCAN_BYTES, Math.max(1, known) * SlotRecord.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < known; first += part.capacity() / SlotRecord.BYTES) {
            part.clear().limit(Math.min(known - first, part.capacity() / SlotRecord.BYTES) * SlotRecord.BYTES);
            file.read((long) first * SlotRecord.BYTES, part);
            for (int at = 0; at < part.limit(); at += SlotRecord.BYTES) {
                ByteBuffer slot = part.slice(at, SlotRecord.BYTES);
                if (SlotRecord.isClean(slot)) {
                    visitor.visit(first + at / SlotRecord.BYTES, SlotRecord.decoded(slot));
                }
            }
        }
    }

    ByteBuffer read(int slot) throws ForebayException {
        ByteBuffer bytes = ByteBuffer.allocate(SlotRecord.BYTES);
        file.read((long) slot * SlotRecord.BYTES, bytes);
        return bytes.flip();
    }

    void write(int slot, ByteBuffer encoded) throws ForebayException {
        file.write((long) slot * SlotRecord.BYTES, encoded);
    }

    /** The slot is free on disk when this returns. */
    void clear(int slot) throws ForebayException {
        write(slot, ByteBuffer.allocate(SlotRecord.BYTES));
    }

    void close() throws ForebayException {
        file.close();
    }
}
