package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Etag;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that carry no bytes of blobs, each one request and one attempt. Names have been checked.
 */
interface ControlPlane {
    /** One page of blobs and, with a delimiter, prefixes; {@code prefix} may be empty. */
    ListPage list(
            AzureCall call,
            String prefix,
            @Nullable String delimiter,
            @Nullable String continuation,
            int maxEntries,
            Deadline deadline)
            throws ForebayException;

    BlobProperties head(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException;

    /** Removes a blob and its snapshots. */
    void delete(AzureCall call, String name, Precondition precondition, Deadline deadline) throws ForebayException;

    /** Replaces the metadata of the version {@code of}. */
    Changed setMetadata(AzureCall call, String name, Metadata metadata, Etag of, Deadline deadline)
            throws ForebayException;

    /** @param sourceUrl where the store itself may read the source, without asking who wants it */
    void stageBlockFrom(
            AzureCall call,
            String name,
            BlockId id,
            String sourceUrl,
            ByteRange range,
            Precondition source,
            Deadline deadline)
            throws ForebayException;

    /** @return the version that was made */
    Changed commit(
            AzureCall call,
            String name,
            List<BlockId> blocks,
            SentHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException;

    /** The committed blocks of a name: none for a blob that was put, and none where blocks are staged for a blob to be. */
    List<Block> committedBlocks(AzureCall call, String name, Deadline deadline) throws ForebayException;

    /** What the tags of a blob say, by their names. */
    SortedMap<String, String> tags(AzureCall call, String name, Deadline deadline) throws ForebayException;

    /** The requests that a copy to {@code target} consists of. */
    CopyRequests copyTo(AzureCall call, String target);

    /**
     * A version that a request has made.
     *
     * @param etag the version
     * @param lastModified when
     */
    record Changed(Etag etag, Instant lastModified) {}
}
