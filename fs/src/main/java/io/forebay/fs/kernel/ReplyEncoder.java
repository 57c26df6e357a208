package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.forebay.fs.Attributes;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.SpaceStatistics;
import io.forebay.fs.Validity;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
    /** Null where the timeouts are fixed. */
    private final @Nullable Validity validity;

    /** @param validity how long the kernel may believe what it is told, in place of the timeouts; null for those */
    ReplyEncoder(DoorSettings settings, @Nullable Validity validity) {
        this.entryTimeout = settings.entryTimeout();
        this.attributeTimeout = settings.attributeTimeout();
        this.negativeTimeout = settings.negativeTimeout();
        this.validity = validity;
    }

    /** An inode that was found or made; its number is its attributes'. */
    void entry(MemorySegment target, Attributes attributes) {
        target.set(JAVA_LONG_UNALIGNED, Wire.EntryOut.NODEID, attributes.inode());
        Duration valid = validity == null ? attributeTimeout : validity.ofInode(attributes.inode());
        entryTimeout(target, validity == null ? entryTimeout : valid);
        target.set(JAVA_LONG_UNALIGNED, Wire.EntryOut.ATTR_VALID, valid.getSeconds());
        target.set(JAVA_INT_UNALIGNED, Wire.EntryOut.ATTR_VALID_NSEC, valid.getNano());
        attributes(target.asSlice(Wire.EntryOut.ATTR), attributes);
    }

    /** How long the kernel may remember that {@code name} is not in {@code parent}. */
    Duration remembersAbsence(long parent, String name) {
        return validity == null ? negativeTimeout : validity.ofAbsence(parent, name);
    }

    /** An entry for a name that is not there. */
    static void absence(MemorySegment target, Duration timeout) {
        entryTimeout(target, timeout);
    }

    private static void entryTimeout(MemorySegment target, Duration timeout) {
        target.set(JAVA_LONG_UNALIGNED, Wire.EntryOut.ENTRY_VALID, timeout.getSeconds());
        target.set(JAVA_INT_UNALIGNED, Wire.EntryOut.ENTRY_VALID_NSEC, timeout.getNano());
    }

    /** The answer to GETATTR and SETATTR. */
    void attributesAnswer(MemorySegment target, Attributes attributes) {
        Duration valid = validity == null ? attributeTimeout : validity.ofInode(attributes.inode());
        target.set(JAVA_LONG_UNALIGNED, Wire.AttrOut.ATTR_VALID, valid.getSeconds());
        target.set(JAVA_INT_UNALIGNED, Wire.AttrOut.ATTR_VALID_NSEC, valid.getNano());
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
