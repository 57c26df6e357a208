package io.forebay.testkit.store;

/** Something that the contract allows a store to lack, since Azure itself, or a server that stands in for it, does. */
public enum Capability {
    /** Keeps blobs whose names have empty segments: {@code a//b} and {@code a/}. */
    EMPTY_SEGMENTS,

    /** Keeps blobs whose names have the segments {@code .} and {@code ..}, which many HTTP clients resolve away. */
    DOT_SEGMENTS
}
