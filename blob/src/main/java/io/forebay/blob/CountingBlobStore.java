package io.forebay.blob;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store that counts what it is asked: each call as one request, and the bytes of content that arrived or were taken.
 * It stands beneath {@link RetryingBlobStore}, so that every attempt counts.
 */
public final class CountingBlobStore implements BlobStore {
    private final BlobStore store;
    private final Metrics metrics;

    public CountingBlobStore(BlobStore store, Metrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    @Override
    public String displayName() {
        return store.displayName();
    }

    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        asked().checkAccess(deadline);
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        store.requirePossible(name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        return asked().head(name, deadline);
    }

    @Override
    public ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException {
        return asked().list(prefix, delimiter, continuation, maxEntries, deadline);
    }

    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        return asked().read(name, range, precondition, new CountingSink(sink), deadline);
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        BlobProperties written = asked().put(name, body, headers, precondition, deadline);
        metrics.add(Metric.STORE_WRITTEN_BYTES, body.lengthBytes());
        return written;
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        asked().stageBlock(name, id, body, deadline);
        metrics.add(Metric.STORE_WRITTEN_BYTES, body.lengthBytes());
    }

    /** No byte of it comes by here. */
    @Override
    public void stageBlockFrom(
            String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        asked().stageBlockFrom(name, id, from, range, source, deadline);
    }

    @Override
    public BlobProperties commitBlocks(
            String name,
            List<BlockId> blocks,
            long lengthBytes,
            BlobHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        return asked().commitBlocks(name, blocks, lengthBytes, headers, precondition, deadline);
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        return asked().committedBlocks(name, deadline);
    }

    @Override
    public BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        return asked().copy(from, source, labels, to, target, deadline);
    }

    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        asked().delete(name, precondition, deadline);
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        return asked().setMetadata(name, metadata, precondition, deadline);
    }

    @Override
    public void close() {
        store.close();
    }

    private BlobStore asked() {
        metrics.increment(Metric.STORE_REQUESTS);
        return store;
    }

    private final class CountingSink implements ByteSink {
        private final ByteSink sink;

        CountingSink(ByteSink sink) {
            this.sink = sink;
        }

        @Override
        public void begin(Etag version) {
            sink.begin(version);
        }

        @Override
        public void accept(ByteBuffer bytes) throws IOException {
            metrics.add(Metric.STORE_READ_BYTES, bytes.remaining());
            sink.accept(bytes);
        }
    }
}
