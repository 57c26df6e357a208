package io.forebay.testkit.store;

import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One immutable version of a blob: the array is never written once it is here. */
@SuppressWarnings("ArrayRecordComponent") // never compared, only held
record StoredBlob(BlobProperties properties, byte[] bytes, List<Block> blocks) {
    StoredBlob {
        blocks = List.copyOf(blocks);
    }

    /** The bytes of the first committed block of that id. */
    Optional<byte[]> block(BlockId id) {
        int from = 0;
        for (Block block : blocks) {
            int to = from + Math.toIntExact(block.lengthBytes());
            if (block.id().equals(id)) {
                return Optional.of(Arrays.copyOfRange(bytes, from, to));
            }
            from = to;
        }
        return Optional.empty();
    }
}
