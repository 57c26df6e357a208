package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the bytes of a commit come from: staged files, and runs of the blob as it is. Made under the container's lock,
 * used without it; whoever publishes the result looks first whether the sources are still what they were.
 *
 * @param staged the blocks that were staged
 * @param committed the blob that was there, and with it the blocks it had
 * @param sources one for each block of the commit
 */
record BlockSources(Staging.Staged staged, Optional<StoredBlob> committed, List<Source> sources) {
    /** Where one block is. */
    sealed interface Source {
        BlockId id();

        record StagedFile(BlockId id, Path file) implements Source {}

        record CommittedRun(BlockId id, long offset, long lengthBytes) implements Source {}
    }

    /** @throws ForebayException.InvalidArgument if a block is neither staged nor committed */
    static BlockSources of(List<BlockId> blocks, Staging.Staged staged, Optional<StoredBlob> committed, String name)
            throws ForebayException {
        Map<BlockId, Source> runs =
                committed.isPresent() ? runsOf(committed.get().version().blocks()) : Map.of();
        List<Source> sources = new ArrayList<>(blocks.size());
        for (BlockId id : blocks) {
            Source source = staged.holds(id) ? new Source.StagedFile(id, staged.fileOf(id)) : runs.get(id);
            if (source == null) {
                throw new ForebayException.InvalidArgument(
                        "the block " + id.base64() + " of " + name + " is neither staged nor committed");
            }
            sources.add(source);
        }
        return new BlockSources(staged, committed, sources);
    }

    private static Map<BlockId, Source> runsOf(List<Block> blocks) {
        Map<BlockId, Source> runs = new HashMap<>();
        long offset = 0;
        for (Block block : blocks) {
            runs.putIfAbsent(block.id(), new Source.CommittedRun(block.id(), offset, block.lengthBytes()));
            offset += block.lengthBytes();
        }
        return runs;
    }

    boolean takesFromCommitted() {
        return sources.stream().anyMatch(Source.CommittedRun.class::isInstance);
    }

    /** Writes all blocks one behind the other, and gives the list of them. */
    List<Block> appendTo(IncomingFile whole, Deadline deadline) throws IOException {
        List<Block> blocks = new ArrayList<>(sources.size());
        if (committed.isPresent() && takesFromCommitted()) {
            try (FileChannel before = open(committed.get().file())) {
                for (Source source : sources) {
                    blocks.add(append(source, Optional.of(before), whole, deadline));
                }
            }
        } else {
            for (Source source : sources) {
                blocks.add(append(source, Optional.empty(), whole, deadline));
            }
        }
        return blocks;
    }

    private static Block append(Source source, Optional<FileChannel> before, IncomingFile whole, Deadline deadline)
            throws IOException {
        return switch (source) {
            case Source.StagedFile staged -> {
                try (FileChannel channel = open(staged.file())) {
                    long lengthBytes = channel.size();
                    whole.append(channel, 0, lengthBytes, deadline);
                    yield new Block(staged.id(), lengthBytes);
                }
            }
            case Source.CommittedRun run -> {
                whole.append(before.orElseThrow(), run.offset(), run.lengthBytes(), deadline);
                yield new Block(run.id(), run.lengthBytes());
            }
        };
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }
}
