package io.forebay.testkit.sim;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a blob; a change makes another.
 *
 * @param etag quoted, as HTTP has it
 * @param changed to the second, as HTTP has it
 * @param headers the blob's own HTTP headers, by their names in lower case, {@code content-type} among them
 * @param metadata with the names as they were written
 * @param labels its tier and its tags, which are no part of the version
 * @param blocks what it was committed of; none if it was put whole
 * @param copy what it was copied from, or null
 */
record StoredBlob(
        String etag,
        Instant created,
        Instant changed,
        Content content,
        Map<String, String> headers,
        Map<String, String> metadata,
        Labels labels,
        List<BlobBlock> blocks,
        @Nullable CopyRecord copy) {
    /**
     * What the properties tell of the copy that made a blob.
     *
     * @param id of the copy
     * @param source its address, without a query, since that may hold a signature
     */
    record CopyRecord(String id, String source, Instant completed) {}

    StoredBlob withMetadata(Map<String, String> other, Stamp stamp) {
        return new StoredBlob(stamp.etag(), created, stamp.instant(), content, headers, other, labels, blocks, copy);
    }

    StoredBlob withHeaders(Map<String, String> other, Stamp stamp) {
        return new StoredBlob(stamp.etag(), created, stamp.instant(), content, other, metadata, labels, blocks, copy);
    }

    /** The same version: Azure changes neither etag nor time for labels. */
    StoredBlob withLabels(Labels other) {
        return new StoredBlob(etag, created, changed, content, headers, metadata, other, blocks, copy);
    }
}
