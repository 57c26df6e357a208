package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The shared content that a changed copy was detached from: the copy takes its pages from there as it needs them, so
 * detaching costs nothing at once, and no page comes from the store twice.
 */
final class SiblingOrigin implements Origin {
    private final SparseContent sibling;
    /** Where the pages come from if the disk of the sibling fails. */
    private final Origin elsewhere;

    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over one reference to {@code sibling}, and gives it back with {@code release} when it is closed. */
    SiblingOrigin(SparseContent sibling, Origin elsewhere, Runnable release) {
        this.sibling = sibling;
        this.elsewhere = elsewhere;
        this.release = release;
    }

    @Override
    public void read(BlobVersion version, ByteRange range, PageSink sink, Deadline deadline) throws ForebayException {
        ByteBuffer page = ByteBuffer.allocate(PageMap.PAGE_BYTES);
        for (long at = range.offset(); at < range.end(); at += page.limit()) {
            page.clear().limit((int) Math.min(PageMap.PAGE_BYTES, range.end() - at));
            int count;
            try {
                count = sibling.read(at, page, deadline);
            } catch (ForebayException failure) {
                if (!sibling.isLost()) {
                    throw failure;
                }
                elsewhere.read(version, new ByteRange(at, range.end() - at), sink, deadline);
                return;
            }
            page.limit(count).rewind();
            if (count == 0) {
                throw new ForebayException.Corrupt("the shared content of " + version.name() + " ends at " + at);
            }
            hand(page, sink);
        }
    }

    private static void hand(ByteBuffer page, PageSink sink) throws ForebayException {
        try {
            sink.accept(page);
        } catch (ForebayException known) {
            throw known;
        } catch (IOException refused) {
            throw new ForebayException.Unexpected("a copy did not take its bytes", refused);
        }
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            release.run();
        }
    }
}
