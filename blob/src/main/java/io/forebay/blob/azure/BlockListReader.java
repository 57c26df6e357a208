package io.forebay.blob.azure;

import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the answer to Get Block List as it arrives. Source: Azure Storage REST, "Get Block List".
 *
 * <pre>
 *   BlockList / CommittedBlocks / Block / Name, Size
 * </pre>
 */
final class BlockListReader extends XmlAnswer {
    private final List<Block> blocks = new ArrayList<>();
    private String name = "";
    private String size = "";

    BlockListReader(AzureCall call) {
        super(call, "BlockList");
    }

    /** The committed ones, in order. */
    List<Block> blocks() {
        return List.copyOf(blocks);
    }

    @Override
    void begun(String element, String attributes) {
        if (at(3, "Block") && depth() == 3) {
            name = "";
            size = "";
        }
    }

    @Override
    void ended(String element) throws ProtocolException {
        if (!at(2, "CommittedBlocks") || !at(3, "Block")) {
            return;
        }
        switch (element) {
            case "Name" -> name = text();
            case "Size" -> size = text();
            case "Block" -> blocks.add(block());
            default -> {}
        }
    }

    private Block block() throws ProtocolException {
        if (name.isEmpty()) {
            throw new ProtocolException("a block has no id");
        }
        return new Block(new BlockId(name), ListingReader.length(size));
    }
}
