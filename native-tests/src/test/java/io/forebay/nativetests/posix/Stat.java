package io.forebay.nativetests.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What statx(2) says of a file.
 *
 * @param mode type and permissions
 * @param links names that lead to it
 * @param uid owner
 * @param gid group
 * @param inode its number
 * @param sizeBytes its length
 * @param blocks units of 512 bytes
 * @param accessNanos last access, since 1970
 * @param changeNanos last change of content or attributes, since 1970
 * @param modifyNanos last change of content, since 1970
 */
public record Stat(
        int mode,
        int links,
        int uid,
        int gid,
        long inode,
        long sizeBytes,
        long blocks,
        long accessNanos,
        long changeNanos,
        long modifyNanos) {

    static final int BYTES = 256;

    private static final int TYPE_BITS = 0170000;
    private static final int PERMISSION_BITS = 07777;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Reads a {@code struct statx}, whose layout is the same on every architecture. */
    static Stat of(MemorySegment statx) {
        return new Stat(
                Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
                statx.get(JAVA_INT, 16),
                statx.get(JAVA_INT, 20),
                statx.get(JAVA_INT, 24),
                statx.get(JAVA_LONG, 32),
                statx.get(JAVA_LONG, 40),
                statx.get(JAVA_LONG, 48),
                nanos(statx, 64),
                nanos(statx, 96),
                nanos(statx, 112));
    }

    private static long nanos(MemorySegment statx, int offset) {
        return statx.get(JAVA_LONG, offset) * NANOS_PER_SECOND + statx.get(JAVA_INT, offset + 8L);
    }

    public int permissions() {
        return mode & PERMISSION_BITS;
    }

    public boolean isFile() {
        return (mode & TYPE_BITS) == 0100000;
    }

    public boolean isDirectory() {
        return (mode & TYPE_BITS) == 0040000;
    }

    public boolean isSymlink() {
        return (mode & TYPE_BITS) == 0120000;
    }
}
