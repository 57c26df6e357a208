package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One version of a blob as it was found.
 *
 * @param name the blob's name
 * @param file where its bytes are
 * @param state what that file was like
 * @param version its record
 */
record StoredBlob(String name, Path file, FileState state, VersionRecord version) {
    Etag etag() {
        return version.etag();
    }

    BlobProperties properties() {
        return version.properties(name);
    }

    /**
     * Succeeds if {@code condition} holds for what was found under {@code name}.
     *
     * @throws ForebayException.Changed if it does not
     */
    static void require(Precondition condition, String name, Optional<StoredBlob> found)
            throws ForebayException.Changed {
        boolean holds =
                switch (condition) {
                    case Precondition.None _ -> true;
                    case Precondition.IfAbsent _ -> found.isEmpty();
                    case Precondition.IfMatch match ->
                        found.isPresent() && found.get().etag().equals(match.etag());
                };
        if (!holds) {
            throw new ForebayException.Changed("the blob " + name + " is not what was expected: "
                    + (condition instanceof Precondition.IfAbsent ? "it exists" : "it is another version or gone"));
        }
    }
}
