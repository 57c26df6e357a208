package io.forebay.cache;

import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Of which blocks a changed blob is to consist: those of the version before whose bytes are the same, by their ids, and new
 * ones for what is in between.
 */
record EditPlan(List<Part> parts) {
    /**
     * A block.
     *
     * @param kept its id; null if it is to be sent
     */
    record Part(long offset, long lengthBytes, @Nullable BlockId kept) {}

    /** The ids that BlobFuse2 and we give: 16 bytes, of which Azure wants the same number in all blocks of a blob. */
    private static final int ID_CHARS = 24;

    /**
     * @param before the blocks of the version before, in order
     * @param beforeBytes its length
     * @param blockBytes how long a new block is at most
     * @return no parts if nothing of it can be kept
     */
    static EditPlan of(List<Block> before, long beforeBytes, ContentImage image, long blockBytes) {
        List<Block> kept = usable(before, beforeBytes);
        List<Part> parts = new ArrayList<>();
        long at = 0;
        long open = 0; // where what is to be sent begins
        for (int i = 0; i < kept.size(); i++) {
            Block block = kept.get(i);
            long end = at + block.lengthBytes();
            if (end <= image.sizeBytes()
                    && image.isAsBefore(at, block.lengthBytes())
                    && !isShortEnd(kept, i, image, end, blockBytes)) {
                addNew(parts, open, at, blockBytes);
                parts.add(new Part(at, block.lengthBytes(), block.id()));
                open = end;
            }
            at = end;
        }
        addNew(parts, open, image.sizeBytes(), blockBytes);
        boolean worthIt = parts.stream().anyMatch(part -> part.kept() != null) && parts.size() <= BlobStore.MAX_BLOCKS;
        return new EditPlan(worthIt ? List.copyOf(parts) : List.of());
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

    private static void addNew(List<Part> parts, long from, long to, long blockBytes) {
        for (long at = from; at < to; at += blockBytes) {
            parts.add(new Part(at, Math.min(blockBytes, to - at), null));
        }
    }

    /** The parts that are to be sent. */
    List<Part> toSend() {
        return parts.stream().filter(part -> part.kept() == null).toList();
    }

    /** Whether one of the kept blocks has an id that {@code ids} would give to a new one. */
    boolean collides(IntFunction<BlockId> ids) {
        Set<BlockId> taken = new HashSet<>();
        parts.forEach(part -> {
            if (part.kept() != null) {
                taken.add(part.kept());
            }
        });
        int count = toSend().size();
        for (int index = 0; index < count; index++) {
            if (taken.contains(ids.apply(index))) {
                return true;
            }
        }
        return false;
    }

    /** The ids of all blocks, in order, the new ones as {@code ids} gives them. */
    List<BlockId> ids(IntFunction<BlockId> ids) {
        List<BlockId> all = new ArrayList<>(parts.size());
        int index = 0;
        for (Part part : parts) {
            all.add(part.kept() != null ? part.kept() : ids.apply(index++));
        }
        return all;
    }
}
