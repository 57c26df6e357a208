package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Blocks straight from the store, always of the version that was asked for (If-Match), and always all of them. */
public final class StoreBlockSource implements BlockSource {
    private final BlobStore store;

    public StoreBlockSource(BlobStore store) {
        this.store = store;
    }

    @Override
    public void read(BlobVersion version, ByteRange range, ByteSink sink, Deadline deadline) throws ForebayException {
        CountingSink counting = new CountingSink(sink, range.length());
        store.read(version.name(), range, Precondition.ifMatch(version.etag()), counting, deadline);
        if (counting.left != 0) {
            throw new ForebayException.Corrupt(
                    counting.left + " bytes are missing from a read of " + range + " of " + version.name());
        }
    }

    private static final class CountingSink implements ByteSink {
        private final ByteSink target;
        private long left;

        CountingSink(ByteSink target, long expectedBytes) {
            this.target = target;
            this.left = expectedBytes;
        }

        @Override
        public void accept(ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > left) {
                throw new ForebayException.Corrupt("the store sent more bytes than it was asked for");
            }
            left -= bytes.remaining();
            target.accept(bytes);
        }
    }
}
