package io.forebay.testkit.retry;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A store whose reads break off in the middle. */
record BreakingReads(BlobStore store, Break how) implements BlobStore {
    /** Where a read breaks off. */
    interface Break {
        /** The failure behind {@code bytes} bytes of an attempt, or null to go on to the next byte. */
        @Nullable
        ForebayException behind(long bytes) throws ForebayException;
    }

    interface Failure {
        ForebayException make() throws ForebayException;
    }

    /** Every attempt breaks off behind so many bytes. */
    static Break after(long bytes, Failure failure) {
        return delivered -> delivered == bytes ? failure.make() : null;
    }

    /** The first attempt breaks off behind so many bytes. */
    static Break onceAfter(long bytes, Failure failure) {
        AtomicBoolean broken = new AtomicBoolean();
        return delivered -> delivered == bytes && broken.compareAndSet(false, true) ? failure.make() : null;
    }

    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        return store.read(name, range, precondition, new BreakingSink(sink), deadline);
    }

    private final class BreakingSink implements ByteSink {
        private final ByteSink sink;
        private long delivered;

        BreakingSink(ByteSink sink) {
            this.sink = sink;
        }

        @Override
        public void begin(Etag version) {
            sink.begin(version);
        }

        @Override
        public void accept(ByteBuffer bytes) throws IOException {
            breakIfDue();
            while (bytes.hasRemaining()) {
                // Byte by byte would be slow; pieces that end at multiples of 1,000 hit every place a test names.
                int count = (int) Math.min(bytes.remaining(), 1_000 - delivered % 1_000);
                sink.accept(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
                delivered += count;
                breakIfDue();
            }
        }

        private void breakIfDue() throws ForebayException {
            ForebayException failure = how.behind(delivered);
            if (failure != null) {
                throw failure;
            }
        }
    }

    @Override
    public String displayName() {
        return store.displayName();
    }

    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        store.checkAccess(deadline);
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        store.requirePossible(name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        return store.head(name, deadline);
    }

    @Override
    public ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException {
        return store.list(prefix, delimiter, continuation, maxEntries, deadline);
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        return store.put(name, body, headers, precondition, deadline);
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        store.stageBlock(name, id, body, deadline);
    }

    @Override
    public void stageBlockFrom(
            String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        store.stageBlockFrom(name, id, from, range, source, deadline);
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
        return store.commitBlocks(name, blocks, lengthBytes, headers, precondition, deadline);
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        return store.committedBlocks(name, deadline);
    }

    @Override
    public BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        return store.copy(from, source, labels, to, target, deadline);
    }

    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        store.delete(name, precondition, deadline);
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        return store.setMetadata(name, metadata, precondition, deadline);
    }

    @Override
    public void close() {
        store.close();
    }
}
