package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Of which blocks a changed blob is to consist: those of the version before whose bytes are the same, by their ids; new ones
 * that the store copies from that version, where its blocks cannot be named or are larger than what was changed in them; and
 * new ones that are sent.
 */
record EditPlan(List<Part> parts) {
    /** A block. */
    sealed interface Part {
        long offset();

        long lengthBytes();

        /** One of the version before. */
        record Kept(long offset, long lengthBytes, BlockId id) implements Part {}

        /** A new one, of bytes that {@code source} has from {@code sourceOffset} on. */
        record Copied(long offset, long lengthBytes, BlobVersion source, long sourceOffset) implements Part {}

        /** A new one, of bytes from here. */
        record Sent(long offset, long lengthBytes) implements Part {}
    }

    /** The ids that BlobFuse2 and we give: 16 bytes, of which Azure wants the same number in all blocks of a blob. */
    private static final int ID_CHARS = 24;

    /**
     * @param before the blocks of the version before, in order; empty if it has none, or none that are known
     * @param base that version
     * @param blockBytes how long a block is at most that is sent
     * @param copies whether the store may be asked to copy
     * @return no parts if nothing of it can be kept or copied
     */
    static EditPlan of(List<Block> before, BlobVersion base, ContentImage image, long blockBytes, boolean copies) {
        List<Block> kept = usable(before, base.lengthBytes());
        @Nullable BlobVersion copied = copies ? base : null;
        List<Part> parts = new ArrayList<>();
        long at = 0;
        long open = 0; // where what is to be new begins
        for (int i = 0; i < kept.size(); i++) {
            Block block = kept.get(i);
            long end = at + block.lengthBytes();
            if (end <= image.sizeBytes()
                    && image.isAsBefore(at, block.lengthBytes())
                    && !isShortEnd(kept, i, image, end, blockBytes)) {
                addNew(parts, open, at, image, blockBytes, copied);
                parts.add(new Part.Kept(at, block.lengthBytes(), block.id()));
                open = end;
            }
            at = end;
        }
        addNew(parts, open, image.sizeBytes(), image, blockBytes, copied);
        boolean worthIt = parts.stream().anyMatch(part -> !(part instanceof Part.Sent));
        return new EditPlan(worthIt && parts.size() <= BlobStore.MAX_BLOCKS ? List.copyOf(parts) : List.of());
    }

    private static List<Block> usable(List<Block> before, long beforeBytes) {
        long sum = 0;
        for (Block block : before) {
            sum += block.lengthBytes();
            if (block.id().base64().length() != ID_CHARS) {
                return List.of();
            }
        }
        return sum == beforeBytes ? before : List.of();
    }

    /** A last block that is not full is sent again with what was appended, or a log would have one for each line. */
    private static boolean isShortEnd(List<Block> blocks, int index, ContentImage image, long end, long blockBytes) {
        return index == blocks.size() - 1
                && end < image.sizeBytes()
                && blocks.get(index).lengthBytes() < blockBytes;
    }

    /** Cuts a run into pieces; those that are changed are sent, and what lies between them is copied. */
    private static void addNew(
            List<Part> parts, long from, long to, ContentImage image, long blockBytes, @Nullable BlobVersion base) {
        long same = from; // where what is to be copied begins
        for (long at = from; at < to; at += blockBytes) {
            long end = Math.min(at + blockBytes, to);
            if (base == null || !image.isAsBefore(at, end - at)) {
                addCopied(parts, same, at, base);
                parts.add(new Part.Sent(at, end - at));
                same = end;
            }
        }
        addCopied(parts, same, to, base);
    }

    private static void addCopied(List<Part> parts, long from, long to, @Nullable BlobVersion base) {
        for (long at = from; at < to && base != null; at += BlobStore.MAX_COPIED_BLOCK_BYTES) {
            parts.add(new Part.Copied(at, Math.min(BlobStore.MAX_COPIED_BLOCK_BYTES, to - at), base, at));
        }
    }

    /**
     * All bytes new: some blocks of them are in the store already, staged before or to be copied, and the rest is sent.
     *
     * @param there in order
     * @param blockBytes of each block but those behind the ones that are there, which may have to be longer
     * @return no parts if they would be too many
     */
    static EditPlan after(List<? extends Part> there, long sizeBytes, long blockBytes) throws ForebayException {
        List<Part> parts = new ArrayList<>();
        long at = 0;
        for (Part block : there) {
            addSent(parts, at, block.offset(), blockBytes);
            parts.add(block);
            at = block.offset() + block.lengthBytes();
        }
        int left = BlobStore.MAX_BLOCKS - parts.size();
        if (left < 0 || (left == 0 && at < sizeBytes)) {
            return new EditPlan(List.of());
        }
        if (at < sizeBytes) {
            addSent(
                    parts,
                    at,
                    sizeBytes,
                    BlockPlan.of(sizeBytes - at, blockBytes, left).blockBytes());
        }
        return new EditPlan(parts);
    }

    private static void addSent(List<Part> parts, long from, long to, long blockBytes) {
        for (long at = from; at < to; at += blockBytes) {
            parts.add(new Part.Sent(at, Math.min(blockBytes, to - at)));
        }
    }

    /** All bytes sent, in blocks of one length. */
    static EditPlan whole(BlockPlan blocks) {
        return new EditPlan(IntStream.range(0, blocks.count())
                .<Part>mapToObj(index -> new Part.Sent(blocks.offset(index), blocks.length(index)))
                .toList());
    }

    /** As the blocks have it. */
    long lengthBytes() {
        return parts.stream().mapToLong(Part::lengthBytes).sum();
    }

    /** The places in {@link #parts} of the blocks of one kind. */
    List<Integer> placesOf(Class<? extends Part> kind) {
        return IntStream.range(0, parts.size())
                .filter(place -> kind.isInstance(parts.get(place)))
                .boxed()
                .toList();
    }

    /** Whether one of the kept blocks has an id that {@code ids} would give to a new one. */
    boolean collides(IntFunction<BlockId> ids) {
        Set<BlockId> taken = parts.stream()
                .filter(Part.Kept.class::isInstance)
                .map(part -> ((Part.Kept) part).id())
                .collect(Collectors.toSet());
        return !taken.isEmpty()
                && IntStream.range(0, parts.size()).mapToObj(ids).anyMatch(taken::contains);
    }

    /** The ids of all blocks, in order; a new one has that of its place. */
    List<BlockId> ids(IntFunction<BlockId> ids) {
        List<BlockId> all = new ArrayList<>(parts.size());
        for (Part part : parts) {
            all.add(part instanceof Part.Kept kept ? kept.id() : ids.apply(all.size()));
        }
        return all;
    }
}
