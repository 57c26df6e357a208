package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.Precondition;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * Uploads to a {@link BlobStore}. Bodies stream from the content's file; no block is ever held in memory.
 *
 * <p>A failure before the last request leaves at most staged blocks behind, which nobody sees. A failure of the last
 * one, by {@link ForebayException.Unavailable} or {@link ForebayException.Interrupted}, leaves open whether the blob
 * was replaced, as {@link BlobStore} says.
 */
public final class BlobUploader implements Uploader {
    private final BlobStore store;
    private final UploadSettings settings;
    private final IntSupplier generations;
    private final Clock clock;

    /**
     * @param generations gives each upload a number that no other upload of the same blob is likely to have: random
     *     ones will do
     */
    public BlobUploader(BlobStore store, UploadSettings settings, IntSupplier generations, Clock clock) {
        this.store = store;
        this.settings = settings;
        this.generations = generations;
        this.clock = clock;
    }

    @Override
    public BlobProperties upload(String name, ContentImage image, BlobHeaders headers, Precondition precondition)
            throws ForebayException {
        long sizeBytes = image.sizeBytes();
        if (sizeBytes <= settings.putThreshold().bytes()) {
            return store.put(name, image.body(0, sizeBytes), headers, precondition, deadline());
        }
        BlockPlan plan = BlockPlan.of(sizeBytes, settings.block().bytes());
        int generation = generations.getAsInt();
        BlockStaging.Stage stage = index -> store.stageBlock(
                name, BlockId.of(generation, index), image.body(plan.offset(index), plan.length(index)), deadline());
        new BlockStaging(name, plan.count(), settings.blocksInFlight(), stage).run();
        List<BlockId> blocks = IntStream.range(0, plan.count())
                .mapToObj(index -> BlockId.of(generation, index))
                .toList();
        return store.commitBlocks(name, blocks, headers, precondition, deadline());
    }

    private Deadline deadline() {
        return Deadline.after(settings.requestLimit(), clock);
    }
}
