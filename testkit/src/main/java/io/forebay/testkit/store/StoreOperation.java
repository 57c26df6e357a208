package io.forebay.testkit.store;

/** One kind of request to a store: one constant for each method of {@code BlobStore} that costs a request. */
public enum StoreOperation {
    CHECK_ACCESS,
    HEAD,
    LIST,
    READ,
    PUT,
    STAGE_BLOCK,
    STAGE_BLOCK_FROM,
    COMMIT_BLOCKS,
    COMMITTED_BLOCKS,
    COPY,
    DELETE,
    SET_METADATA
}
