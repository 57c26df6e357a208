package io.forebay.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The records of a journal, from the first to the last that can be read.
 *
 * @param endBytes where the last one ends; what is behind it was never finished
 * @param damaged whether something between them could not be read, so that it is not known what it said
 */
record JournalScan(List<JournalRecord.Found> records, int endBytes, boolean damaged) {
    static JournalScan of(ByteBuffer all) {
        List<JournalRecord.Found> records = new ArrayList<>();
        boolean damaged = false;
        int at = 0;
        while (at < all.limit()) {
            Optional<JournalRecord.Found> record = JournalRecord.at(all, at);
            if (record.isPresent()) {
                records.add(record.get());
                at += record.get().lengthBytes();
                continue;
            }
            int next = nextRecord(all, at + 1);
            if (next < 0) {
                break;
            }
            damaged = true;
            at = next;
        }
        return new JournalScan(records, at, damaged);
    }

    private static int nextRecord(ByteBuffer all, int from) {
        for (int at = from; at < all.limit(); at++) {
            if (JournalRecord.at(all, at).isPresent()) {
                return at;
            }
        }
        return -1;
    }
}
