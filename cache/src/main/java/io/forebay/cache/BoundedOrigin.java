package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;

/** An origin that is asked for nothing that the disk has no room for. */
final class BoundedOrigin implements Origin {
    private final DiskRoom room;
    private final Origin origin;

    BoundedOrigin(DiskRoom room, Origin origin) {
        this.room = room;
        this.origin = origin;
    }

    /** @throws ForebayException.NoSpace if there is no room, and none to be made soon; nothing was asked for then */
    @Override
    public void read(BlobVersion version, ByteRange range, PageSink sink, Deadline deadline) throws ForebayException {
        room.require(range.length());
        try {
            origin.read(version, range, sink, deadline);
        } finally {
            room.arrived(range.length());
        }
    }

    @Override
    public void close() {
        origin.close();
    }
}
