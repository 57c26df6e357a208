package io.forebay.fs.kernel;

import io.forebay.fs.AttributeChange;
import io.forebay.fs.Caller;
import io.forebay.fs.OpenMode;
import io.forebay.fs.RenameMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a request into a {@link Request}. Whatever the bytes are, it neither throws nor looks outside of
 * them: what cannot be understood is a {@link Request.Malformed}.
 */
final class RequestDecoder {
    private static final int PERMISSION_BITS = 07777;

    private static final int FATTR_MODE = 1;
    private static final int FATTR_UID = 1 << 1;
    private static final int FATTR_GID = 1 << 2;
    private static final int FATTR_SIZE = 1 << 3;
    private static final int FATTR_ATIME = 1 << 4;
    private static final int FATTR_MTIME = 1 << 5;
    private static final int FATTR_ATIME_NOW = 1 << 7;
    private static final int FATTR_MTIME_NOW = 1 << 8;

    private static final int RENAME_NOREPLACE = 1;

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private RequestDecoder() {}

    /** @param bytes the request as it was read, its header included, and nothing behind it */
    static Request decode(Header header, MemorySegment bytes) {
        if (header.lengthBytes() != bytes.byteSize()) {
            return new Request.Malformed("length");
        }
        Opcode opcode = Opcode.of(header.opcode());
        if (opcode == null) {
            return new Request.NotServed();
        }
        try {
            return decode(opcode, header, new RequestBody(bytes));
        } catch (RequestBody.NotText notText) {
            return new Request.NameNotText();
        } catch (RequestBody.Malformed malformed) {
            return new Request.Malformed(malformed.reason());
        }
    }

    private static Request decode(Opcode opcode, Header header, RequestBody body) throws RequestBody.Malformed {
        long inode = header.inode();
        return switch (opcode) {
            case INIT -> init(body);
            case LOOKUP -> new Request.Lookup(inode, body.name(0));
            case FORGET -> forget(inode, body);
            case BATCH_FORGET -> batchForget(body);
            case GETATTR -> getattr(inode, body);
            case SETATTR -> setattr(inode, body);
            case GETXATTR ->
                new Request.Getxattr(
                        inode,
                        body.struct(Wire.GetxattrIn.SIZE).text(Wire.GetxattrIn.SIZE),
                        body.count(Wire.GetxattrIn.SIZE_FIELD));
            case LISTXATTR ->
                new Request.Listxattr(inode, body.struct(Wire.GetxattrIn.SIZE).count(Wire.GetxattrIn.SIZE_FIELD));
            case SETXATTR -> setxattr(inode, body);
            case REMOVEXATTR -> new Request.Removexattr(inode, body.text(0));
            case READLINK -> new Request.Readlink(inode);
            case SYMLINK -> symlink(header, body);
            case MKNOD -> mknod(header, body);
            case MKDIR -> mkdir(header, body);
            case UNLINK -> new Request.Unlink(inode, body.name(0));
            case RMDIR -> new Request.Rmdir(inode, body.name(0));
            case RENAME -> rename(inode, body);
            case RENAME2 -> rename2(inode, body);
            case LINK -> link(inode, body);
            case OPEN -> open(inode, body);
            case CREATE -> create(header, body);
            case READ -> read(body);
            case WRITE -> write(body);
            case FALLOCATE -> fallocate(body);
            case COPY_FILE_RANGE -> copyFileRange(body);
            case LSEEK -> lseek(body);
            case FLUSH -> new Request.Flush(body.struct(Wire.FlushIn.SIZE).u64(Wire.FlushIn.FH));
            case FSYNC -> new Request.Fsync(body.struct(Wire.FsyncIn.SIZE).u64(Wire.FsyncIn.FH));
            case RELEASE -> new Request.Release(body.struct(Wire.ReleaseIn.SIZE).u64(Wire.ReleaseIn.FH));
            case OPENDIR -> opendir(inode, body);
            case READDIR -> readdir(inode, body, false);
            case READDIRPLUS -> readdir(inode, body, true);
            case RELEASEDIR ->
                new Request.Releasedir(body.struct(Wire.ReleaseIn.SIZE).u64(Wire.ReleaseIn.FH));
            case FSYNCDIR -> fsyncdir(inode, body);
            case STATFS -> new Request.Statfs();
            case INTERRUPT ->
                new Request.Interrupt(body.struct(Wire.InterruptIn.SIZE).u64(Wire.InterruptIn.UNIQUE));
            case DESTROY -> new Request.Destroy();
            case ACCESS,
                    GETLK,
                    SETLK,
                    SETLKW,
                    BMAP,
                    IOCTL,
                    POLL,
                    NOTIFY_REPLY,
                    SETUPMAPPING,
                    REMOVEMAPPING,
                    SYNCFS,
                    TMPFILE -> new Request.NotServed();
        };
    }

    private static Request init(RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.InitIn.COMPAT_SIZE);
        long low = Integer.toUnsignedLong(body.u32(Wire.InitIn.FLAGS));
        boolean extended = InitFlag.INIT_EXT.in(low) && body.lengthBytes() >= Wire.InitIn.FLAGS2 + Integer.BYTES;
        long high = extended ? Integer.toUnsignedLong(body.u32(Wire.InitIn.FLAGS2)) : 0;
        return new Request.Init(
                body.u32(Wire.InitIn.MAJOR),
                body.u32(Wire.InitIn.MINOR),
                body.u32(Wire.InitIn.MAX_READAHEAD),
                high << 32 | low);
    }

    private static Request forget(long inode, RequestBody body) throws RequestBody.Malformed {
        long lookups = body.struct(Wire.ForgetIn.SIZE).u64(Wire.ForgetIn.NLOOKUP);
        return new Request.Forget(List.of(new Request.Forgotten(inode, lookups)));
    }

    private static Request batchForget(RequestBody body) throws RequestBody.Malformed {
        long count = Integer.toUnsignedLong(body.struct(Wire.BatchForgetIn.SIZE).u32(Wire.BatchForgetIn.COUNT));
        body.struct(Wire.BatchForgetIn.SIZE + count * Wire.ForgetOne.SIZE);
        List<Request.Forgotten> inodes = new ArrayList<>((int) count);
        for (int index = 0; index < count; index++) {
            int at = Wire.BatchForgetIn.SIZE + index * Wire.ForgetOne.SIZE;
            inodes.add(
                    new Request.Forgotten(body.u64(at + Wire.ForgetOne.NODEID), body.u64(at + Wire.ForgetOne.NLOOKUP)));
        }
        return new Request.Forget(inodes);
    }

    private static Request getattr(long inode, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.GetattrIn.SIZE);
        return new Request.Getattr(inode);
    }

    private static Request setattr(long inode, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.SetattrIn.SIZE);
        int valid = body.u32(Wire.SetattrIn.VALID);
        boolean accessNow = has(valid, FATTR_ATIME_NOW);
        boolean modifyNow = has(valid, FATTR_MTIME_NOW);
        AttributeChange change = new AttributeChange(
                has(valid, FATTR_MODE) ? body.u32(Wire.SetattrIn.MODE) & PERMISSION_BITS : null,
                has(valid, FATTR_UID) ? body.u32(Wire.SetattrIn.UID) : null,
                has(valid, FATTR_GID) ? body.u32(Wire.SetattrIn.GID) : null,
                has(valid, FATTR_SIZE) ? body.offset(Wire.SetattrIn.SIZE_FIELD) : null,
                has(valid, FATTR_ATIME) && !accessNow
                        ? time(body, Wire.SetattrIn.ATIME, Wire.SetattrIn.ATIMENSEC)
                        : null,
                has(valid, FATTR_MTIME) && !modifyNow
                        ? time(body, Wire.SetattrIn.MTIME, Wire.SetattrIn.MTIMENSEC)
                        : null);
        return new Request.Setattr(inode, change, accessNow, modifyNow);
    }

    private static boolean has(int valid, int bit) {
        return (valid & bit) != 0;
    }

    private static @Nullable Long time(RequestBody body, int secondsAt, int nanosAt) throws RequestBody.Malformed {
        long nanos = Integer.toUnsignedLong(body.u32(nanosAt));
        if (nanos >= NANOS_PER_SECOND) {
            throw new RequestBody.Malformed("time");
        }
        try {
            return Math.addExact(Math.multiplyExact(body.u64(secondsAt), NANOS_PER_SECOND), nanos);
        } catch (ArithmeticException beyondTheYear2262) {
            throw new RequestBody.Malformed("time");
        }
    }

    private static Request symlink(Header header, RequestBody body) throws RequestBody.Malformed {
        String name = body.name(0);
        return new Request.Symlink(header.inode(), name, body.text(body.behindText(0)), caller(header));
    }

    private static Request mknod(Header header, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.MknodIn.SIZE);
        int mode = body.u32(Wire.MknodIn.MODE) & ~(body.u32(Wire.MknodIn.UMASK) & PERMISSION_BITS);
        return new Request.Mknod(header.inode(), body.name(Wire.MknodIn.SIZE), mode, caller(header));
    }

    private static Request mkdir(Header header, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.MkdirIn.SIZE);
        int permissions = body.u32(Wire.MkdirIn.MODE) & ~body.u32(Wire.MkdirIn.UMASK) & PERMISSION_BITS;
        return new Request.Mkdir(header.inode(), body.name(Wire.MkdirIn.SIZE), permissions, caller(header));
    }

    private static Request rename(long parent, RequestBody body) throws RequestBody.Malformed {
        long newParent = body.struct(Wire.RenameIn.SIZE).u64(Wire.RenameIn.NEWDIR);
        return renamed(parent, newParent, body, Wire.RenameIn.SIZE, RenameMode.REPLACE);
    }

    private static Request rename2(long parent, RequestBody body) throws RequestBody.Malformed {
        long newParent = body.struct(Wire.Rename2In.SIZE).u64(Wire.Rename2In.NEWDIR);
        int flags = body.u32(Wire.Rename2In.FLAGS);
        if ((flags & ~RENAME_NOREPLACE) != 0) {
            throw new RequestBody.Malformed("flags");
        }
        RenameMode mode = flags == 0 ? RenameMode.REPLACE : RenameMode.NO_REPLACE;
        return renamed(parent, newParent, body, Wire.Rename2In.SIZE, mode);
    }

    private static Request renamed(long parent, long newParent, RequestBody body, int namesAt, RenameMode mode)
            throws RequestBody.Malformed {
        String name = body.name(namesAt);
        return new Request.Rename(parent, name, newParent, body.name(body.behindText(namesAt)), mode);
    }

    private static Request link(long newParent, RequestBody body) throws RequestBody.Malformed {
        long inode = body.struct(Wire.LinkIn.SIZE).u64(Wire.LinkIn.OLDNODEID);
        return new Request.Link(inode, newParent, body.name(Wire.LinkIn.SIZE));
    }

    private static Request open(long inode, RequestBody body) throws RequestBody.Malformed {
        int flags = body.struct(Wire.OpenIn.SIZE).u32(Wire.OpenIn.FLAGS);
        return new Request.Open(inode, OpenMode.ofFlags(flags));
    }

    private static Request fsyncdir(long inode, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.FsyncIn.SIZE);
        return new Request.Fsyncdir(inode);
    }

    private static Request opendir(long inode, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.OpenIn.SIZE);
        return new Request.Opendir(inode);
    }

    private static Request create(Header header, RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.CreateIn.SIZE);
        int permissions = body.u32(Wire.CreateIn.MODE) & ~body.u32(Wire.CreateIn.UMASK) & PERMISSION_BITS;
        OpenMode mode = OpenMode.ofFlags(body.u32(Wire.CreateIn.FLAGS));
        return new Request.Create(header.inode(), body.name(Wire.CreateIn.SIZE), permissions, mode, caller(header));
    }

    private static Request read(RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.ReadIn.SIZE);
        return new Request.Read(
                body.u64(Wire.ReadIn.FH), body.offset(Wire.ReadIn.OFFSET), body.count(Wire.ReadIn.SIZE_FIELD));
    }

    private static Request readdir(long inode, RequestBody body, boolean withAttributes) throws RequestBody.Malformed {
        body.struct(Wire.ReadIn.SIZE);
        return new Request.Readdir(
                inode,
                body.u64(Wire.ReadIn.FH),
                body.u64(Wire.ReadIn.OFFSET),
                body.count(Wire.ReadIn.SIZE_FIELD),
                withAttributes);
    }

    private static Request write(RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.WriteIn.SIZE);
        int length = body.count(Wire.WriteIn.SIZE_FIELD);
        return new Request.Write(
                body.u64(Wire.WriteIn.FH), body.offset(Wire.WriteIn.OFFSET), body.bytes(Wire.WriteIn.SIZE, length));
    }

    private static Request setxattr(long inode, RequestBody body) throws RequestBody.Malformed {
        int length = body.struct(Wire.SetxattrIn.COMPAT_SIZE).count(Wire.SetxattrIn.SIZE_FIELD);
        String name = body.text(Wire.SetxattrIn.COMPAT_SIZE);
        MemorySegment value = body.bytes(body.behindText(Wire.SetxattrIn.COMPAT_SIZE), length);
        return new Request.Setxattr(inode, name, value, body.u32(Wire.SetxattrIn.FLAGS));
    }

    private static Request fallocate(RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.FallocateIn.SIZE);
        return new Request.Fallocate(
                body.u64(Wire.FallocateIn.FH),
                body.u32(Wire.FallocateIn.MODE),
                body.offset(Wire.FallocateIn.OFFSET),
                body.offset(Wire.FallocateIn.LENGTH));
    }

    private static Request copyFileRange(RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.CopyFileRangeIn.SIZE);
        return new Request.CopyFileRange(
                body.u64(Wire.CopyFileRangeIn.FH_IN),
                body.offset(Wire.CopyFileRangeIn.OFF_IN),
                body.u64(Wire.CopyFileRangeIn.FH_OUT),
                body.offset(Wire.CopyFileRangeIn.OFF_OUT),
                body.offset(Wire.CopyFileRangeIn.LEN));
    }

    private static Request lseek(RequestBody body) throws RequestBody.Malformed {
        body.struct(Wire.LseekIn.SIZE);
        return new Request.Lseek(
                body.u64(Wire.LseekIn.FH), body.u64(Wire.LseekIn.OFFSET), body.u32(Wire.LseekIn.WHENCE));
    }

    private static Caller caller(Header header) {
        return new Caller(header.uid(), header.gid());
    }
}
