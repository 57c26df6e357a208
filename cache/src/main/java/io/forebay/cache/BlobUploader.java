package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.BlockId;
import io.forebay.blob.Precondition;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
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
            image.bring(0, sizeBytes);
            return store.put(name, image.body(0, sizeBytes), headers, precondition, deadline());
        }
        EditPlan edit = edit(name, image, precondition);
        return edit.parts().isEmpty()
                ? uploadWhole(name, image, headers, precondition)
                : uploadEdit(name, image, edit, headers, precondition);
    }

    /**
     * What can be kept of the version that is to be replaced. Its blocks are asked for without a condition: if they are
     * those of another version by now, the commit finds out.
     */
    private EditPlan edit(String name, ContentImage image, Precondition precondition) throws ForebayException {
        Optional<BlobVersion> base = image.base()
                .filter(version -> version.name().equals(name))
                .filter(version -> precondition.equals(Precondition.ifMatch(version.etag())));
        if (base.isEmpty() || !isAnyBlockAsBefore(image)) {
            return new EditPlan(List.of());
        }
        try {
            return EditPlan.of(
                    store.committedBlocks(name, deadline()),
                    base.get().lengthBytes(),
                    image,
                    settings.block().bytes());
        } catch (ForebayException.NotFound gone) {
            throw new ForebayException.Changed("'" + name + "' was removed by somebody else", gone);
        }
    }

    /** Whether it pays to ask for blocks. */
    private boolean isAnyBlockAsBefore(ContentImage image) {
        long block = settings.block().bytes();
        for (long at = 0; at < image.sizeBytes(); at += block) {
            if (image.isAsBefore(at, Math.min(block, image.sizeBytes() - at))) {
                return true;
            }
        }
        return false;
    }

    private BlobProperties uploadEdit(
            String name, ContentImage image, EditPlan edit, BlobHeaders headers, Precondition precondition)
            throws ForebayException {
        IntFunction<BlockId> ids = ids(generations.getAsInt());
        while (edit.collides(ids)) {
            ids = ids(generations.getAsInt());
        }
        stage(name, image, edit.toSend(), ids);
        return store.commitBlocks(name, edit.ids(ids), lengthOf(edit.parts()), headers, precondition, deadline());
    }

    private BlobProperties uploadWhole(String name, ContentImage image, BlobHeaders headers, Precondition precondition)
            throws ForebayException {
        BlockPlan plan = BlockPlan.of(image.sizeBytes(), settings.block().bytes());
        IntFunction<BlockId> ids = ids(generations.getAsInt());
        List<EditPlan.Part> parts = IntStream.range(0, plan.count())
                .mapToObj(index -> new EditPlan.Part(plan.offset(index), plan.length(index), null))
                .toList();
        stage(name, image, parts, ids);
        List<BlockId> blocks = IntStream.range(0, plan.count()).mapToObj(ids).toList();
        return store.commitBlocks(name, blocks, lengthOf(parts), headers, precondition, deadline());
    }

    /** As the blocks have it, so that whoever asked for the upload finds out if that is not the length of the image. */
    private static long lengthOf(List<EditPlan.Part> parts) {
        return parts.stream().mapToLong(EditPlan.Part::lengthBytes).sum();
    }

    private static IntFunction<BlockId> ids(int generation) {
        return index -> BlockId.of(generation, index);
    }

    private void stage(String name, ContentImage image, List<EditPlan.Part> parts, IntFunction<BlockId> ids)
            throws ForebayException {
        BlockStaging.Stage stage = index -> {
            EditPlan.Part part = parts.get(index);
            image.bring(part.offset(), part.lengthBytes());
            store.stageBlock(name, ids.apply(index), image.body(part.offset(), part.lengthBytes()), deadline());
        };
        new BlockStaging(name, parts.size(), settings.blocksInFlight(), stage).run();
    }

    private Deadline deadline() {
        return Deadline.after(settings.requestLimit(), clock);
    }
}
