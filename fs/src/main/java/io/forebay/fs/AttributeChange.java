package io.forebay.fs;

import org.jspecify.annotations.Nullable;

/**
 * A change of attributes; null means: leave as it is.
 *
 * @param permissions the low 12 bits of the mode
 * @param uid owner
 * @param gid group
 * @param sizeBytes new length
 * @param accessNanos since 1970 in nanoseconds
 * @param modifyNanos likewise
 */
public record AttributeChange(
        @Nullable Integer permissions,
        @Nullable Integer uid,
        @Nullable Integer gid,
        @Nullable Long sizeBytes,
        @Nullable Long accessNanos,
        @Nullable Long modifyNanos) {

    public static AttributeChange permissions(int permissions) {
        return new AttributeChange(permissions, null, null, null, null, null);
    }

    public static AttributeChange size(long sizeBytes) {
        return new AttributeChange(null, null, null, sizeBytes, null, null);
    }

    /** A change of owner, group or both. */
    public static AttributeChange owner(@Nullable Integer uid, @Nullable Integer gid) {
        return new AttributeChange(null, uid, gid, null, null, null);
    }

    /** A change of either time or both. */
    public static AttributeChange times(@Nullable Long accessNanos, @Nullable Long modifyNanos) {
        return new AttributeChange(null, null, null, null, accessNanos, modifyNanos);
    }
}
