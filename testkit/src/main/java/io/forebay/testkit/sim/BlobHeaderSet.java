package io.forebay.testkit.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which headers of a request become a blob's, and which of an answer come from it. */
final class BlobHeaderSet {
    private static final String METADATA = "x-ms-meta-";
    private static final String DEFAULT_TYPE = "application/octet-stream";

    /** A blob's own headers, by the names that an answer has, and those that a request sets them with. */
    private static final Map<String, String> SET_BY = Map.of(
            "content-type", "x-ms-blob-content-type",
            "content-encoding", "x-ms-blob-content-encoding",
            "content-language", "x-ms-blob-content-language",
            "content-disposition", "x-ms-blob-content-disposition",
            "cache-control", "x-ms-blob-cache-control",
            "content-md5", "x-ms-blob-content-md5");

    private BlobHeaderSet() {}

    /** The blob's headers that a request sets; all others end with it. */
    static Map<String, String> headersIn(RequestHead head, boolean plainTypeCounts) {
        Map<String, String> headers = new LinkedHashMap<>();
        String plain = plainTypeCounts ? head.headers().getOrDefault("content-type", DEFAULT_TYPE) : DEFAULT_TYPE;
        headers.put("content-type", plain);
        SET_BY.forEach((name, setBy) -> {
            String value = head.header(setBy);
            if (value != null) {
                headers.put(name, value);
            }
        });
        return headers;
    }

    static Map<String, String> metadataIn(RequestHead head) {
        Map<String, String> metadata = new LinkedHashMap<>();
        head.headers().forEach((name, value) -> {
            if (name.startsWith(METADATA)) {
                metadata.put(name.substring(METADATA.length()), value);
            }
        });
        return metadata;
    }

    /** Everything that an answer tells of a blob, but its length. */
    static Answer describe(Answer answer, StoredBlob blob) {
        blob.headers().forEach((name, value) -> {
            if (!name.equals("content-md5")) {
                answer.with(name, value);
            }
        });
        blob.metadata().forEach((name, value) -> answer.with(METADATA + name, value));
        answer.with(blob)
                .with("Accept-Ranges", "bytes")
                .with("x-ms-blob-type", "BlockBlob")
                .with("x-ms-creation-time", HttpDate.of(blob.created()))
                .with("x-ms-lease-status", "unlocked")
                .with("x-ms-lease-state", "available")
                .with("x-ms-server-encrypted", "true");
        StoredBlob.CopyRecord copy = blob.copy();
        if (copy != null) {
            answer.with("x-ms-copy-id", copy.id())
                    .with("x-ms-copy-source", copy.source())
                    .with("x-ms-copy-status", "success")
                    .with("x-ms-copy-completion-time", HttpDate.of(copy.completed()));
        }
        return answer;
    }
}
