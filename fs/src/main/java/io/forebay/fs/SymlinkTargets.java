package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads where symlinks lead. */
final class SymlinkTargets {
    private final Tree tree;

    SymlinkTargets(Tree tree) {
        this.tree = tree;
    }

    /** The body of the blob, which {@code symlink} then remembers. */
    String fetch(Inode symlink) throws ForebayException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        Etag etag;
        try (PathClaims.Claim _ = tree.claims().toUse(symlink)) {
            etag = symlink.etag();
            long length = symlink.committedBytes();
            if (etag != null && length > 0) {
                tree.store()
                        .read(
                                symlink.blobName(),
                                new ByteRange(0, length),
                                Precondition.ifMatch(etag),
                                bytes -> {
                                    byte[] piece = new byte[bytes.remaining()];
                                    bytes.get(piece);
                                    target.writeBytes(piece);
                                },
                                tree.deadline());
            }
        } catch (ForebayException.Changed changed) {
            symlink.expire();
            throw changed;
        }
        String text = target.toString(StandardCharsets.UTF_8);
        symlink.setSymlinkTarget(text, etag);
        return text;
    }
}
