package io.forebay.testkit.store;

/** Something that the contract allows a store to lack, since Azure itself, or a server that stands in for it, does. */
public enum Capability {
    /** Keeps blobs whose names have empty segments: {@code a//b} and {@code a/}. */
    EMPTY_SEGMENTS,

    /** Keeps blobs whose names have the segments {@code .} and {@code ..}, which many HTTP clients resolve away. */
    DOT_SEGMENTS,

    /** Keeps blobs whose names hold a backslash. Azure takes it for a slash; such a store must refuse the name. */
    BACKSLASHES,

    /** Says of a blob that is missing that it is missing, even when a condition on its version fails too. */
    MISSING_BEFORE_CONDITION,

    /** Drops the staged blocks of a name when a whole blob is put there. */
    PUT_DROPS_STAGED_BLOCKS
}
