package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads to a {@link BlobStore}. Bodies stream from the content's file; no block is ever held in memory.
 *
 * <p>A failure before the last request leaves at most staged blocks behind, which nobody sees. A failure of the last
 * one, by {@link ForebayException.Unavailable} or {@link ForebayException.Interrupted}, leaves open whether the blob
 * was replaced, as {@link BlobStore} says.
 */
public final class BlobUploader implements Uploader {
    private static final Logger LOG = LoggerFactory.getLogger(BlobUploader.class);

    /** What is less than this part of a block is not worth a request of its own to be copied. */
    private static final int LEAST_PART = 8;

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
    public BlobProperties upload(
            String name, ContentImage image, BlobHeaders headers, Precondition precondition, DecidingRequest last)
            throws ForebayException {
        long sizeBytes = image.sizeBytes();
        if (sizeBytes <= settings.putThreshold().bytes()) {
            image.bring(0, sizeBytes);
            return last.make(() -> store.put(name, image.body(0, sizeBytes), headers, precondition, deadline()));
        }
        Optional<BlobVersion> base = image.base()
                .filter(version -> version.name().equals(name))
                .filter(version -> precondition.equals(Precondition.ifMatch(version.etag())))
                .filter(_ -> isAnyBlockAsBefore(image));
        Staged staged = base.isPresent() ? stageEdit(name, image, base.get()) : stageWhole(name, image);
        return last.make(() ->
                store.commitBlocks(name, staged.blocks(), staged.lengthBytes(), headers, precondition, deadline()));
    }

    @Override
    public UploadAhead ahead(String name) {
        return new BlocksAhead(this, name, generations.getAsInt(), blockBytes());
    }

    /** Sends what {@code plan} says, and commits it with what was staged before. */
    BlobProperties upload(
            String name,
            ContentImage image,
            EditPlan plan,
            BlobHeaders headers,
            Precondition precondition,
            DecidingRequest last)
            throws ForebayException {
        IntFunction<BlockId> ids = idsFor(plan);
        stageSent(name, image, plan, ids);
        return last.make(
                () -> store.commitBlocks(name, plan.ids(ids), plan.lengthBytes(), headers, precondition, deadline()));
    }

    /** Whether it pays to ask for blocks. */
    private boolean isAnyBlockAsBefore(ContentImage image) {
        for (long at = 0; at < image.sizeBytes(); at += blockBytes()) {
            if (image.isAsBefore(at, Math.min(blockBytes(), image.sizeBytes() - at))) {
                return true;
            }
        }
        return false;
    }

    /**
     * What waits for the commit.
     *
     * @param lengthBytes as the blocks have it, so that whoever asked for the upload finds out if that is not the length of
     *     the image
     */
    private record Staged(List<BlockId> blocks, long lengthBytes) {}

    /**
     * Stages what is not the same as in the version that is to be replaced. Its blocks are asked for without a condition: if
     * they are those of another version by now, the commit finds out. What the store copies is of that version or of none.
     */
    private Staged stageEdit(String name, ContentImage image, BlobVersion base) throws ForebayException {
        List<Block> before = committedBlocks(name);
        EditPlan plan = EditPlan.of(before, base, image, blockBytes(), /* copies= */ true);
        IntFunction<BlockId> ids = idsFor(plan);
        try {
            stageCopied(name, plan, ids);
        } catch (ForebayException.Unsupported | ForebayException.NotFound cannotCopy) {
            // A store that cannot reach its own address says that there is nothing. Whether that is so the commit finds
            // out.
            plan = EditPlan.of(before, base, image, blockBytes(), /* copies= */ false);
            ids = idsFor(plan);
        }
        if (plan.parts().isEmpty()) {
            return stageWhole(name, image);
        }
        stageSent(name, image, plan, ids);
        return new Staged(plan.ids(ids), plan.lengthBytes());
    }

    private List<Block> committedBlocks(String name) throws ForebayException {
        try {
            return store.committedBlocks(name, deadline());
        } catch (ForebayException.NotFound gone) {
            throw new ForebayException.Changed("'" + name + "' was removed by somebody else", gone);
        }
    }

    /** Stages all of it: what was copied from other blobs by the store, if it can. */
    private Staged stageWhole(String name, ContentImage image) throws ForebayException {
        EditPlan plan = EditPlan.after(stillCopied(name, image), image.sizeBytes(), blockBytes());
        IntFunction<BlockId> ids = idsFor(plan);
        if (!areCopied(name, plan, ids)) {
            plan = EditPlan.whole(BlockPlan.of(image.sizeBytes(), blockBytes()));
            ids = idsFor(plan);
        }
        stageSent(name, image, plan, ids);
        return new Staged(plan.ids(ids), plan.lengthBytes());
    }

    /** Whether there is something to copy in {@code plan}, and the store has done so. */
    private boolean areCopied(String name, EditPlan plan, IntFunction<BlockId> ids) throws ForebayException {
        try {
            stageCopied(name, plan, ids);
            return !plan.placesOf(EditPlan.Part.Copied.class).isEmpty();
        } catch (ForebayException.Unsupported | ForebayException.NotFound | ForebayException.Changed cannotCopy) {
            LOG.debug("what was copied here is sent name={} reason={}", name, cannotCopy.getMessage());
            return false;
        }
    }

    /** What is worth to be copied, and still is what was copied here, in order. */
    private List<EditPlan.Part.Copied> stillCopied(String name, ContentImage image) throws ForebayException {
        List<CopiedRange> large = image.copied().stream()
                .filter(range -> range.lengthBytes() >= Math.min(blockBytes() / LEAST_PART, image.sizeBytes()))
                .sorted(Comparator.comparingLong(CopiedRange::offset))
                .toList();
        boolean[] same = new boolean[large.size()];
        inParallel(name, same.length, index -> same[index] = large.get(index).isSameIn(image));
        return IntStream.range(0, same.length)
                .filter(index -> same[index])
                .mapToObj(large::get)
                .map(range -> new EditPlan.Part.Copied(
                        range.offset(), range.lengthBytes(), range.source(), range.sourceOffset()))
                .toList();
    }

    private IntFunction<BlockId> idsFor(EditPlan plan) {
        while (true) {
            int generation = generations.getAsInt();
            IntFunction<BlockId> ids = place -> BlockId.of(generation, place);
            if (!plan.collides(ids)) {
                return ids;
            }
        }
    }

    /** Before anything is sent, which would be in vain if the version is gone or the store cannot copy. */
    private void stageCopied(String name, EditPlan plan, IntFunction<BlockId> ids) throws ForebayException {
        stage(name, plan.placesOf(EditPlan.Part.Copied.class), place -> {
            EditPlan.Part.Copied part = (EditPlan.Part.Copied) plan.parts().get(place);
            BlobVersion source = part.source();
            ByteRange range = new ByteRange(part.sourceOffset(), part.lengthBytes());
            Precondition version = Precondition.ifMatch(source.etag());
            store.stageBlockFrom(name, ids.apply(place), source.name(), range, version, deadline());
        });
    }

    private void stageSent(String name, ContentImage image, EditPlan plan, IntFunction<BlockId> ids)
            throws ForebayException {
        stage(name, plan.placesOf(EditPlan.Part.Sent.class), place -> {
            EditPlan.Part part = plan.parts().get(place);
            image.bring(part.offset(), part.lengthBytes());
            stage(name, ids.apply(place), image.body(part.offset(), part.lengthBytes()));
        });
    }

    void stage(String name, BlockId id, BlobBody body) throws ForebayException {
        store.stageBlock(name, id, body, deadline());
    }

    private void stage(String name, List<Integer> places, BlockStaging.Stage stage) throws ForebayException {
        inParallel(name, places.size(), index -> stage.send(places.get(index)));
    }

    /** Does something for each of so many blocks, several at a time. */
    void inParallel(String name, int blocks, BlockStaging.Stage stage) throws ForebayException {
        new BlockStaging(name, blocks, settings.blocksInFlight(), stage).run();
    }

    private long blockBytes() {
        return settings.block().bytes();
    }

    private Deadline deadline() {
        return Deadline.after(settings.requestLimit(), clock);
    }
}
