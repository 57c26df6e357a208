package io.forebay.fs;

/**
 * What {@code stat} shows of an inode.
 *
 * @param inode its number, unique while the mount lives
 * @param kind what it is
 * @param permissions the low 12 bits of the mode
 * @param links names that lead here: there are no hard links, so 1, or 2 for a directory, and 0 once it is removed
 * @param uid owner
 * @param gid group
 * @param sizeBytes length of the content; of the target for a symlink
 * @param accessNanos last access, since 1970 in nanoseconds
 * @param modifyNanos last change of the content
 * @param changeNanos last change of content or attributes
 */
public record Attributes(
        long inode,
        FileKind kind,
        int permissions,
        int links,
        int uid,
        int gid,
        long sizeBytes,
        long accessNanos,
        long modifyNanos,
        long changeNanos) {

    /** Type and permissions together, as {@code st_mode} has them. */
    public int mode() {
        return kind.modeBits() | permissions;
    }

    /** Units of 512 bytes, as {@code st_blocks} has them. */
    public long blocks() {
        return (sizeBytes + 511) / 512;
    }
}
