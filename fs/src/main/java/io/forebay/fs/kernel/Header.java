package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What every request begins with.
 *
 * @param lengthBytes of the whole request, as the kernel says
 * @param opcode number of the operation
 * @param unique what the answer must repeat
 * @param inode that the request is about; the parent where there is a name
 * @param uid who asks
 * @param gid likewise
 * @param pid thread that asks, in the daemon's own name space; 0 if it is not there
 */
record Header(long lengthBytes, int opcode, long unique, long inode, int uid, int gid, int pid) {

    /** @param bytes at least {@link Wire.InHeader#SIZE} of them */
    static Header of(MemorySegment bytes) {
        return new Header(
                Integer.toUnsignedLong(bytes.get(JAVA_INT_UNALIGNED, Wire.InHeader.LEN)),
                bytes.get(JAVA_INT_UNALIGNED, Wire.InHeader.OPCODE),
                bytes.get(JAVA_LONG_UNALIGNED, Wire.InHeader.UNIQUE),
                bytes.get(JAVA_LONG_UNALIGNED, Wire.InHeader.NODEID),
                bytes.get(JAVA_INT_UNALIGNED, Wire.InHeader.UID),
                bytes.get(JAVA_INT_UNALIGNED, Wire.InHeader.GID),
                bytes.get(JAVA_INT_UNALIGNED, Wire.InHeader.PID));
    }
}
