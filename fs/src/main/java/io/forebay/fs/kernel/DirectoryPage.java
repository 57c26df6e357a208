package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.forebay.fs.Attributes;
import io.forebay.fs.DirectorySink;
import io.forebay.fs.FileSystemOperations;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of an answer to READDIR or READDIRPLUS, filled entry by entry until there is no room for the next.
 *
 * <p>With attributes, each record begins with an entry as LOOKUP answers it. It stays zero, which tells the kernel
 * nothing, where the lookup count was not raised.
 */
final class DirectoryPage implements DirectorySink {
    private static final int ALIGNMENT = Long.BYTES;
    private static final int TYPE_SHIFT = 12;

    private final MemorySegment body;
    private final boolean withAttributes;
    private final ReplyEncoder encoder;
    private final List<Long> found = new ArrayList<>();
    private int usedBytes;

    /** @param body all the room there is */
    DirectoryPage(MemorySegment body, boolean withAttributes, ReplyEncoder encoder) {
        this.body = body;
        this.withAttributes = withAttributes;
        this.encoder = encoder;
    }

    @Override
    public boolean accept(String name, Attributes attributes, long nextCookie) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        int direntAt = usedBytes + (withAttributes ? Wire.Direntplus.DIRENT : 0);
        int end = align(direntAt + Wire.Dirent.NAME + nameBytes.length);
        if (end > body.byteSize()) {
            return false;
        }
        body.asSlice(usedBytes, end - usedBytes).fill((byte) 0);
        body.set(JAVA_LONG_UNALIGNED, direntAt + Wire.Dirent.INO, attributes.inode());
        body.set(JAVA_LONG_UNALIGNED, direntAt + Wire.Dirent.OFF, nextCookie);
        body.set(JAVA_INT_UNALIGNED, direntAt + Wire.Dirent.NAMELEN, nameBytes.length);
        body.set(JAVA_INT_UNALIGNED, direntAt + Wire.Dirent.TYPE, attributes.mode() >>> TYPE_SHIFT);
        MemorySegment.copy(nameBytes, 0, body, JAVA_BYTE, direntAt + Wire.Dirent.NAME, nameBytes.length);
        usedBytes = end;
        return true;
    }

    @Override
    public boolean acceptFound(String name, Attributes attributes, long nextCookie) {
        int entryAt = usedBytes;
        if (!accept(name, attributes, nextCookie)) {
            return false;
        }
        encoder.entry(body.asSlice(entryAt, Wire.EntryOut.SIZE), attributes);
        found.add(attributes.inode());
        return true;
    }

    private static int align(int bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    int usedBytes() {
        return usedBytes;
    }

    /** Lowers the lookup counts again, since nobody took the page. */
    void forgetFound(FileSystemOperations tree) {
        found.forEach(inode -> tree.forget(inode, 1));
    }
}
