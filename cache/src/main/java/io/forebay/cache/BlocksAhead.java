package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.Precondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stages blocks of one length from the beginning of a file on, while it grows. */
final class BlocksAhead implements UploadAhead {
    /** The last blocks that were written are left alone: a writer may still be at work in them. */
    private static final int BLOCKS_LEFT = 2;

    /** As many as are left for the rest, which may need longer ones: a file of 190 GiB and more is sent when it is closed. */
    private static final int MOST_BLOCKS = BlobStore.MAX_BLOCKS / 2;

    private final BlobUploader uploader;
    private final String name;
    private final int generation;
    private final long blockBytes;
    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();
    private int next;

    /** A staged block, with the checksums of its pages as they were sent. */
    private static final class Sent {
        private final EditPlan.Part.Kept block;
        private final int[] checksums;

        Sent(EditPlan.Part.Kept block, int[] checksums) {
            this.block = block;
            this.checksums = checksums;
        }

        boolean isSameIn(ContentImage image) throws ForebayException {
            long end = block.offset() + block.lengthBytes();
            return end <= image.sizeBytes()
                    && Arrays.equals(checksums, image.checksums(block.offset(), block.lengthBytes()));
        }
    }

    BlocksAhead(BlobUploader uploader, String name, int generation, long blockBytes) {
        this.uploader = uploader;
        this.name = name;
        this.generation = generation;
        this.blockBytes = blockBytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean advance(GrowingContent content) throws ForebayException {
        int first = next;
        if (finishedBlocks(content.sizeBytes()) <= first) {
            return false; // of most files that is all there is to ask
        }
        int end = finishedBlocks(content.firstHole(first * blockBytes));
        if (end <= first) {
            return false;
        }
        uploader.inParallel(name, end - first, index -> send(content, first + index));
        next = end;
        return true;
    }

    private int finishedBlocks(long writtenBytes) {
        return (int) Math.min(MOST_BLOCKS, writtenBytes / blockBytes - BLOCKS_LEFT);
    }

    private void send(GrowingContent content, int place) throws ForebayException {
        GrowingContent.Piece piece = content.piece(place * blockBytes, blockBytes);
        BlockId id = BlockId.of(generation, place);
        uploader.stage(name, id, piece);
        sent.add(new Sent(new EditPlan.Part.Kept(place * blockBytes, blockBytes, id), piece.checksums()));
    }

    @Override
    public BlobProperties finish(
            ContentImage image, BlobHeaders headers, Precondition precondition, DecidingRequest last)
            throws ForebayException {
        List<EditPlan.Part.Kept> same = unchanged(image);
        if (same.isEmpty()) {
            return uploader.upload(name, image, headers, precondition, last);
        }
        EditPlan plan = EditPlan.after(same, image.sizeBytes(), blockBytes);
        try {
            return uploader.upload(name, image, plan, headers, precondition, last);
        } catch (ForebayException.InvalidArgument gone) {
            // Another client has written the blob, and with that dropped what was staged for it.
            return uploader.upload(name, image, headers, precondition, last);
        }
    }

    /** The staged blocks that are what the file has there now, in order. */
    private List<EditPlan.Part.Kept> unchanged(ContentImage image) throws ForebayException {
        List<Sent> all = new ArrayList<>(sent);
        boolean[] same = new boolean[all.size()];
        uploader.inParallel(
                name, all.size(), index -> same[index] = all.get(index).isSameIn(image));
        List<EditPlan.Part.Kept> unchanged = new ArrayList<>();
        for (int i = 0; i < same.length; i++) {
            if (same[i]) {
                unchanged.add(all.get(i).block);
            }
        }
        unchanged.sort(Comparator.comparingLong(EditPlan.Part.Kept::offset));
        return unchanged;
    }
}
