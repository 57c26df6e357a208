package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.forebay.fs.Attributes;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.SpaceStatistics;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Writes the structures of answers. Each target is as long as its structure, and zero before. */
final class ReplyEncoder {
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    /** What {@code statfs} counts in. */
    private static final int STATFS_BLOCK_BYTES = 4096;
    /** There is no table of inodes that could fill up; some programs take zero for full. */
    private static final long FREE_INODES = 1L << 32;

    private final Duration entryTimeout;
    private final Duration attributeTimeout;
    private final Duration negativeTimeout;

    ReplyEncoder(DoorSettings settings) {
        this.entryTimeout = settings.entryTimeout();
        this.attributeTimeout = settings.attributeTimeout();
        this.negativeTimeout = settings.negativeTimeout();
    }

    /** An inode that was found or made; its number is its attributes'. */
    void entry(MemorySegment target, Attributes attributes) {
        target.set(JAVA_LONG_UNALIGNED, Wire.EntryOut.NODEID, attributes.inode());
        entryTimeout(target, entryTimeout);
        target.set(JAVA_LONG_UNALIGNED, Wire.EntryOut.ATTR_VALID, attributeTimeout.getSeconds());
        target.set(JAVA_INT_UNALIGNED, Wire.EntryOut.ATTR_VALID_NSEC, attributeTimeout.getNano());
        attributes(target.asSlice(Wire.EntryOut.ATTR), attributes);
    }

    /** Whether the kernel may remember that a name is not there. */
    boolean remembersAbsence() {
        return !negativeTimeout.isZero();
    }

    /** An entry for a name that is not there. */
    void absence(MemorySegment target) {
        entryTimeout(target, negativeTimeout);
    }

    private static void entryTimeout(MemorySegment target, Duration timeout) {
        target.set(JAVA_LONG_UNALIGNED, Wire.EntryOut.ENTRY_VALID, timeout.getSeconds());
        target.set(JAVA_INT_UNALIGNED, Wire.EntryOut.ENTRY_VALID_NSEC, timeout.getNano());
    }

    /** The answer to GETATTR and SETATTR. */
    void attributesAnswer(MemorySegment target, Attributes attributes) {
        target.set(JAVA_LONG_UNALIGNED, Wire.AttrOut.ATTR_VALID, attributeTimeout.getSeconds());
        target.set(JAVA_INT_UNALIGNED, Wire.AttrOut.ATTR_VALID_NSEC, attributeTimeout.getNano());
        attributes(target.asSlice(Wire.AttrOut.ATTR), attributes);
    }

    private static void attributes(MemorySegment target, Attributes attributes) {
        target.set(JAVA_LONG_UNALIGNED, Wire.Attr.INO, attributes.inode());
        target.set(JAVA_LONG_UNALIGNED, Wire.Attr.SIZE_FIELD, attributes.sizeBytes());
        target.set(JAVA_LONG_UNALIGNED, Wire.Attr.BLOCKS, attributes.blocks());
        time(target, Wire.Attr.ATIME, Wire.Attr.ATIMENSEC, attributes.accessNanos());
        time(target, Wire.Attr.MTIME, Wire.Attr.MTIMENSEC, attributes.modifyNanos());
        time(target, Wire.Attr.CTIME, Wire.Attr.CTIMENSEC, attributes.changeNanos());
        target.set(JAVA_INT_UNALIGNED, Wire.Attr.MODE, attributes.mode());
        target.set(JAVA_INT_UNALIGNED, Wire.Attr.NLINK, attributes.links());
        target.set(JAVA_INT_UNALIGNED, Wire.Attr.UID, attributes.uid());
        target.set(JAVA_INT_UNALIGNED, Wire.Attr.GID, attributes.gid());
    }

    private static void time(MemorySegment target, int secondsAt, int nanosAt, long nanos) {
        target.set(JAVA_LONG_UNALIGNED, secondsAt, Math.floorDiv(nanos, (long) NANOS_PER_SECOND));
        target.set(JAVA_INT_UNALIGNED, nanosAt, Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** The answer to OPEN and OPENDIR, and the second part of the answer to CREATE. */
    static void opened(MemorySegment target, long handle, int openFlags, int backingId) {
        target.set(JAVA_LONG_UNALIGNED, Wire.OpenOut.FH, handle);
        target.set(JAVA_INT_UNALIGNED, Wire.OpenOut.OPEN_FLAGS, openFlags);
        target.set(JAVA_INT_UNALIGNED, Wire.OpenOut.BACKING_ID, backingId);
    }

    static void written(MemorySegment target, int sizeBytes) {
        target.set(JAVA_INT_UNALIGNED, Wire.WriteOut.SIZE_FIELD, sizeBytes);
    }

    static void space(MemorySegment target, SpaceStatistics space) {
        target.set(JAVA_LONG_UNALIGNED, Wire.Kstatfs.BLOCKS, space.totalBytes() / STATFS_BLOCK_BYTES);
        target.set(JAVA_LONG_UNALIGNED, Wire.Kstatfs.BFREE, space.freeBytes() / STATFS_BLOCK_BYTES);
        target.set(JAVA_LONG_UNALIGNED, Wire.Kstatfs.BAVAIL, space.freeBytes() / STATFS_BLOCK_BYTES);
        target.set(JAVA_LONG_UNALIGNED, Wire.Kstatfs.FILES, FREE_INODES);
        target.set(JAVA_LONG_UNALIGNED, Wire.Kstatfs.FFREE, FREE_INODES);
        target.set(JAVA_INT_UNALIGNED, Wire.Kstatfs.BSIZE, STATFS_BLOCK_BYTES);
        target.set(JAVA_INT_UNALIGNED, Wire.Kstatfs.NAMELEN, space.maxNameBytes());
        target.set(JAVA_INT_UNALIGNED, Wire.Kstatfs.FRSIZE, STATFS_BLOCK_BYTES);
    }
}
