package io.forebay.fs;

/**
 * What {@code stat} shows of an inode.
 *
 * @param inode its number, unique while the mount lives
 * @param kind file, directory or symlink
 * @param permissions the low 12 bits of the mode
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

    /** Names that lead here, as {@code st_nlink} has it: there are no hard links, and directories count as 2. */
    public int links() {
        return kind == FileKind.DIRECTORY ? 2 : 1;
    }

    /** Units of 512 bytes, as {@code st_blocks} has them. */
    public long blocks() {
        return (sizeBytes + 511) / 512;
    }
}
