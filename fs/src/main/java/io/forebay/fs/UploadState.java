package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The attribute that says how far a file is on its way to the store: {@code clean}, {@code waiting}, {@code uploading},
 * {@code failed} or {@code conflict}. Nobody keeps it and it is in no list, so that a copy does not carry it along.
 */
final class UploadState {
    static final String ATTRIBUTE = "user.forebay.state";

    private UploadState() {}

    /** Of a file; empty for anything else. */
    static Optional<byte[]> of(Inode inode, WriteBack writeBack) throws ForebayException {
        if (inode.kind() != FileKind.FILE) {
            return Optional.empty();
        }
        inode.observe();
        PendingUpload.State state = writeBack.stateOf(inode);
        String word = inode.needsCommit() ? "waiting" : "clean";
        if (state != null) {
            word = state.name().toLowerCase(Locale.ROOT);
        }
        return Optional.of(word.getBytes(StandardCharsets.US_ASCII));
    }

    static void requireOther(String name) throws ForebayException {
        if (name.equals(ATTRIBUTE)) {
            throw new ForebayException.Unsupported(
                    "attribute '" + name + "' tells of the upload, and cannot be changed");
        }
    }
}
