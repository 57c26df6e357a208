package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;

/** Where the bytes of a blob version come from when they are not on local disk: the store, and one day a peer. */
@FunctionalInterface
public interface BlockSource {
    /**
     * Hands the bytes of {@code range} to {@code sink}, in order, each once.
     *
     * <p>On failure the sink has received a prefix of the range, and those bytes are right.
     *
     * @throws ForebayException.Changed if the blob is no longer that version
     * @throws ForebayException.NotFound if the blob is gone
     */
    void read(BlobVersion version, ByteRange range, ByteSink sink, Deadline deadline) throws ForebayException;
}
