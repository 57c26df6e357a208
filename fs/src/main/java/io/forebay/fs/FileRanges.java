package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.CachedContent;
import io.forebay.cache.FileSpace;
import java.util.OptionalLong;

/** The room that open files take: making it, giving it back, and saying where it is. */
final class FileRanges {
    private final Tree tree;
    private final FileContents contents;
    private final FileSpace space;

    FileRanges(Tree tree, FileContents contents, FileSpace space) {
        this.tree = tree;
        this.contents = contents;
        this.space = space;
    }

    void allocate(Handles.FileHandle file, FileSpaceOperations.Allocation allocation, long offset, long lengthBytes)
            throws ForebayException {
        if (offset < 0 || lengthBytes <= 0) {
            throw new ForebayException.InvalidArgument("there is no range of " + lengthBytes + " at " + offset);
        }
        if (lengthBytes > AttributeEdits.MAX_FILE_BYTES - offset) {
            throw new ForebayException.TooLarge("a blob has at most " + AttributeEdits.MAX_FILE_BYTES + " bytes");
        }
        contents.change(file.inode(), file.content(), bytes -> {
            if (allocation.zeroes()) {
                bytes.zero(offset, lengthBytes, allocation.grows(), space, tree.transferDeadline(bytes.sizeBytes()));
            } else {
                bytes.allocate(
                        offset, lengthBytes, allocation.grows(), space, tree.transferDeadline(bytes.sizeBytes()));
            }
            return lengthBytes;
        });
    }

    OptionalLong seek(Handles.FileHandle file, FileSpaceOperations.SeekTarget target, long offset)
            throws ForebayException {
        CachedContent bytes = file.content().bytes();
        bytes.observe();
        if (offset < 0 || offset >= bytes.sizeBytes()) {
            return OptionalLong.empty();
        }
        // The kernel keeps what a mapping changed to itself for a while, unless it does so in the file itself.
        boolean mayBeMapped = FileContents.isOpenForWriting(file.inode(), file.content()) && !bytes.isLentForWriting();
        return switch (target) {
            case DATA -> mayBeMapped ? OptionalLong.of(offset) : bytes.nextData(offset, space);
            case HOLE -> OptionalLong.of(mayBeMapped ? bytes.sizeBytes() : bytes.nextHole(offset, space));
        };
    }
}
