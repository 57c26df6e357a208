package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import org.jspecify.annotations.Nullable;

/**
 * The three calls that carry the bytes of blobs, as {@link io.forebay.blob.BlobStore} describes them. Names and lengths
 * have been checked; each call is one attempt.
 */
interface DataPlane {
    Etag read(AzureCall call, String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException;

    /** @param md5 what the store is to compare the bytes with, or null */
    BlobProperties put(
            AzureCall call,
            String name,
            BlobBody body,
            byte @Nullable [] md5,
            SentHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException;

    /** @param md5 what the store is to compare the bytes with, or null */
    void stageBlock(AzureCall call, String name, BlockId id, BlobBody body, byte @Nullable [] md5, Deadline deadline)
            throws ForebayException;
}
