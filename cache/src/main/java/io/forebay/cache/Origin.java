package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;

/** Where the missing pages of one content come from: the block source, or the content that it was detached from. */
interface Origin extends AutoCloseable {
    /** As {@link BlockSource#read}. */
    void read(BlobVersion version, ByteRange range, PageSink sink, Deadline deadline) throws ForebayException;

    /** Says that nothing is missing any more, or nobody asks; may be said twice. */
    @Override
    void close();

    /** The block source, which outlives every content. */
    static Origin of(BlockSource source) {
        return new Origin() {
            @Override
            public void read(BlobVersion version, ByteRange range, PageSink sink, Deadline deadline)
                    throws ForebayException {
                source.read(version, range, sink, deadline);
            }

            @Override
            public void close() {}
        };
    }
}
