package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Copies from files that are in the store as they are: the bytes come to the local disk, where who reads the copy finds
 * them, and are noted as the store's, which copies them by itself when a large new file is uploaded.
 */
final class FileCopies {
    /** Who copies waits for so much at once, and can be interrupted in between. */
    private static final int MOST_BYTES = 32 << 20;

    private static final int PIECE_BYTES = 1 << 20;

    private final Tree tree;
    private final FileContents contents;

    FileCopies(Tree tree, FileContents contents) {
        this.tree = tree;
        this.contents = contents;
    }

    /** As {@link FileCopyOperations#copyRange}. */
    OptionalInt copy(Handles.FileHandle from, long fromOffset, Handles.FileHandle to, long toOffset, long lengthBytes)
            throws ForebayException {
        if (from.content() == to.content()) {
            return OptionalInt.empty();
        }
        int most = (int) Math.min(MOST_BYTES, lengthBytes);
        AttributeEdits.requirePossible(toOffset + most);
        ByteBuffer piece = ByteBuffer.allocateDirect(Math.min(PIECE_BYTES, most));
        int done = 0;
        int count;
        do {
            int room = Math.min(piece.capacity(), most - done);
            Optional<BlobVersion> version =
                    read(from, fromOffset + done, piece.clear().limit(room));
            if (version.isEmpty()) {
                return done > 0 ? OptionalInt.of(done) : OptionalInt.empty();
            }
            count = piece.remaining();
            write(to, toOffset + done, piece, version.get(), fromOffset + done);
            done += count;
        } while (count > 0 && done < most);
        return OptionalInt.of(done);
    }

    /** Leaves in {@code piece} what there is up to its limit; empty if that may be other bytes than the store has. */
    private Optional<BlobVersion> read(Handles.FileHandle from, long offset, ByteBuffer piece) throws ForebayException {
        SharedContent source = from.content();
        Optional<BlobVersion> before = source.bytes().unchangedVersion();
        if (before.isEmpty()) {
            return before;
        }
        int room = piece.limit();
        contents.access(
                from.inode(), source, bytes -> bytes.read(offset, piece.clear().limit(room), tree.deadline()));
        piece.flip();
        return before.equals(source.bytes().unchangedVersion()) ? before : Optional.empty();
    }

    private void write(Handles.FileHandle to, long offset, ByteBuffer piece, BlobVersion source, long sourceOffset)
            throws ForebayException {
        if (!piece.hasRemaining()) {
            return;
        }
        contents.change(to.inode(), to.content(), bytes -> {
            ByteBuffer all = piece.duplicate(); // from the start again, if it has to be asked twice
            bytes.writeCopied(offset, all, source, sourceOffset, tree.transferDeadline(bytes.sizeBytes()));
            return all.position();
        });
    }
}
