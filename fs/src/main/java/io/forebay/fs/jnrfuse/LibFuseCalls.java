package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.fs.AttributeChange;
import io.forebay.fs.Attributes;
import io.forebay.fs.Caller;
import io.forebay.fs.CreatedFile;
import io.forebay.fs.Errno;
import io.forebay.fs.FileKind;
import io.forebay.fs.FileSpaceOperations;
import io.forebay.fs.FileSpaceOperations.Allocation;
import io.forebay.fs.FileSystemOperations;
import io.forebay.fs.OpenMode;
import io.forebay.fs.RenameMode;
import io.forebay.fs.SpaceStatistics;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Struct;
import org.jspecify.annotations.Nullable;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseContext;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/** What libfuse 2 calls, one small translation each. Which calls it makes is decided by which are overridden here. */
class LibFuseCalls extends FuseStubFS {
    private static final int PERMISSION_BITS = 07777;

    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;

    /** What statvfs counts in. */
    private static final long BLOCK_BYTES = 4096;

    /** What a container can hold has no number; this is one that no program mistakes for full. */
    private static final long MANY_FILES = 1L << 32;

    /** utimensat(2): set to the time of now. */
    private static final long UTIME_NOW = (1L << 30) - 1;

    /** utimensat(2): leave as it is. */
    private static final long UTIME_OMIT = (1L << 30) - 2;

    /** chown(2): leave as it is. */
    private static final int UNCHANGED_ID = -1;

    /** Of the flags in {@code struct fuse_operations} of libfuse 2.9: behind the 38 callbacks from getattr to bmap. */
    private static final long FLAGS_OFFSET = 38 * Long.BYTES;

    /** The first three flags in {@code struct fuse_operations}. */
    private static final byte FLAG_NULLPATH_OK = 1;

    private static final byte FLAG_NOPATH = 1 << 1;
    private static final byte FLAG_UTIME_OMIT_OK = 1 << 2;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final FileSystemOperations tree;
    private final FileSpaceOperations space;
    private final HiddenFiles hidden;
    private final PathWalk paths;
    private final Answer answer;
    private final Clock clock;
    private final Runnable onReady;

    LibFuseCalls(FileSystemOperations tree, Answer answer, Clock clock, Runnable onReady) {
        this.tree = tree;
        this.space = tree instanceof FileSpaceOperations known ? known : FileSpaceOperations.NONE;
        this.hidden = new HiddenFiles(tree);
        this.paths = new PathWalk(tree, hidden);
        this.answer = answer;
        this.clock = clock;
        this.onReady = onReady;
        setFlags();
    }

    /**
     * Calls on a handle get no path ({@code flag_nullpath_ok}, {@code flag_nopath}): they need none, and libfuse has none
     * for a file that was replaced at the moment when it was opened, whose every read would then fail with ENOENT.
     * Without {@code flag_utime_omit_ok} libfuse drops every utimensat(2) that changes one time only. In C the flags are
     * bits of one word behind the callbacks; jnr-fuse has them as padding.
     */
    private void setFlags() {
        byte flags = FLAG_NULLPATH_OK | FLAG_NOPATH | FLAG_UTIME_OMIT_OK;
        Struct.getMemory(fuseOperations).putByte(FLAGS_OFFSET, flags);
    }

    /** Does something with the inode that a path leads to. */
    final <T> T at(String path, PathWalk.OnInode<T> request) throws ForebayException {
        return paths.at(path, request);
    }

    // ---- life --------------------------------------------------------------------------------------------------

    @Override
    protected String getFSName() {
        return "forebay";
    }

    @Override
    public @Nullable Pointer init(Pointer connection) {
        onReady.run();
        return null;
    }

    /** jnr-fuse calls this from a shutdown hook of its own; when to unmount is the command's decision. */
    @Override
    public void umount() {}

    // ---- attributes --------------------------------------------------------------------------------------------

    @Override
    public int getattr(String path, FileStat stat) {
        return answer.to("getattr", () -> {
            fill(stat, paths.at(path, tree::getattr));
            return 0;
        });
    }

    @Override
    public int chmod(String path, long mode) {
        return change("chmod", path, AttributeChange.permissions((int) mode & PERMISSION_BITS));
    }

    @Override
    public int chown(String path, long uid, long gid) {
        return change("chown", path, AttributeChange.owner(idOrNull(uid), idOrNull(gid)));
    }

    @Override
    public int truncate(String path, long size) {
        return change("truncate", path, AttributeChange.size(size));
    }

    @Override
    public int utimens(String path, Timespec[] times) {
        return change("utimens", path, AttributeChange.times(nanosOrNull(times[0]), nanosOrNull(times[1])));
    }

    private int change(String operation, String path, AttributeChange change) {
        return answer.to(operation, () -> {
            paths.at(path, inode -> tree.setattr(inode, change));
            return 0;
        });
    }

    private static @Nullable Integer idOrNull(long id) {
        return (int) id == UNCHANGED_ID ? null : Integer.valueOf((int) id);
    }

    private @Nullable Long nanosOrNull(Timespec time) {
        long nanos = time.tv_nsec.longValue();
        if (nanos == UTIME_OMIT) {
            return null;
        }
        if (nanos == UTIME_NOW) {
            return clock.nowNanos();
        }
        return time.tv_sec.get() * NANOS_PER_SECOND + nanos;
    }

    private static void fill(FileStat stat, Attributes attributes) {
        stat.st_ino.set(attributes.inode());
        stat.st_mode.set(attributes.mode());
        stat.st_nlink.set(attributes.links());
        stat.st_uid.set(attributes.uid());
        stat.st_gid.set(attributes.gid());
        stat.st_size.set(attributes.sizeBytes());
        stat.st_blocks.set(attributes.blocks());
        stat.st_blksize.set(BLOCK_BYTES);
        fill(stat.st_atim, attributes.accessNanos());
        fill(stat.st_mtim, attributes.modifyNanos());
        fill(stat.st_ctim, attributes.changeNanos());
    }

    private static void fill(Timespec time, long nanos) {
        time.tv_sec.set(Math.floorDiv(nanos, NANOS_PER_SECOND));
        time.tv_nsec.set(Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    @Override
    public int statfs(String path, Statvfs space) {
        return answer.to("statfs", () -> {
            SpaceStatistics statistics = tree.statfs();
            space.f_bsize.set(BLOCK_BYTES);
            space.f_frsize.set(BLOCK_BYTES);
            space.f_blocks.set(statistics.totalBytes() / BLOCK_BYTES);
            space.f_bfree.set(statistics.freeBytes() / BLOCK_BYTES);
            space.f_bavail.set(statistics.freeBytes() / BLOCK_BYTES);
            space.f_files.set(MANY_FILES);
            space.f_ffree.set(MANY_FILES);
            space.f_favail.set(MANY_FILES);
            space.f_namemax.set(statistics.maxNameBytes());
            return 0;
        });
    }

    // ---- names -------------------------------------------------------------------------------------------------

    @Override
    public int mkdir(String path, long mode) {
        return answer.to("mkdir", () -> {
            Attributes made = paths.entry(
                    path, (parent, name) -> tree.mkdir(parent, name, (int) mode & PERMISSION_BITS, caller()));
            tree.forget(made.inode(), 1);
            return 0;
        });
    }

    @Override
    public int mknod(String path, long mode, long device) {
        FileKind kind = FileKind.ofMode((int) mode).orElse(null);
        return kind == null
                ? -Errno.EPERM.number()
                : answer.to("mknod", () -> {
                    if (kind == FileKind.FILE) {
                        makeFile(path, mode);
                    } else {
                        Attributes made = paths.entry(
                                path,
                                (parent, name) ->
                                        tree.mknod(parent, name, kind, (int) mode & PERMISSION_BITS, caller()));
                        tree.forget(made.inode(), 1);
                    }
                    return 0;
                });
    }

    private void makeFile(String path, long mode) throws ForebayException {
        CreatedFile file = createAt(path, mode, OpenMode.WRITE);
        try {
            tree.flush(file.handle());
        } finally {
            tree.release(file.handle());
        }
    }

    @Override
    public int link(String path, String other) {
        return -Errno.EPERM.number();
    }

    @Override
    public int symlink(String target, String path) {
        return answer.to("symlink", () -> {
            Attributes made = paths.entry(path, (parent, name) -> tree.symlink(parent, name, target, caller()));
            tree.forget(made.inode(), 1);
            return 0;
        });
    }

    @Override
    public int readlink(String path, Pointer buffer, long size) {
        return answer.to("readlink", () -> {
            byte[] target = paths.at(path, tree::readlink).getBytes(StandardCharsets.UTF_8);
            int length = (int) Math.min(target.length, size - 1);
            buffer.put(0, target, 0, length);
            buffer.putByte(length, (byte) 0);
            return 0;
        });
    }

    @Override
    public int unlink(String path) {
        return answer.to("unlink", () -> {
            if (!hidden.forget(path)) {
                paths.entry(path, (parent, name) -> {
                    tree.unlink(parent, name);
                    return 0;
                });
            }
            return 0;
        });
    }

    @Override
    public int rmdir(String path) {
        return answer.to(
                "rmdir",
                () -> paths.entry(path, (parent, name) -> {
                    tree.rmdir(parent, name);
                    return 0;
                }));
    }

    @Override
    public int rename(String path, String newPath) {
        return answer.to(
                "rename",
                () -> paths.entries(path, newPath, (parent, name, newParent, newName) -> {
                    if (HiddenFiles.isHiddenName(newName)) {
                        hidden.hide(parent, name, newPath);
                    } else {
                        tree.rename(parent, name, newParent, newName, RenameMode.REPLACE);
                    }
                    return 0;
                }));
    }

    // ---- files -------------------------------------------------------------------------------------------------

    @Override
    public int create(String path, long mode, FuseFileInfo file) {
        return answer.to("create", () -> {
            file.fh.set(createAt(path, mode, OpenMode.ofFlags(file.flags.get())).handle());
            return 0;
        });
    }

    private CreatedFile createAt(String path, long mode, OpenMode openMode) throws ForebayException {
        CreatedFile created = paths.entry(
                path, (parent, name) -> tree.create(parent, name, (int) mode & PERMISSION_BITS, openMode, caller()));
        tree.forget(created.attributes().inode(), 1);
        return created;
    }

    @Override
    public int open(String path, FuseFileInfo file) {
        return answer.to("open", () -> {
            OpenMode mode = OpenMode.ofFlags(file.flags.get());
            file.fh.set(paths.at(path, inode -> tree.open(inode, mode)));
            return 0;
        });
    }

    @Override
    public int read(String path, Pointer buffer, long size, long offset, FuseFileInfo file) {
        return answer.to("read", () -> tree.read(file.fh.get(), offset, memory(buffer, size)));
    }

    @Override
    public int write(String path, Pointer buffer, long size, long offset, FuseFileInfo file) {
        return answer.to("write", () -> tree.write(file.fh.get(), offset, memory(buffer, size)));
    }

    /** libfuse's own buffer as a ByteBuffer: nothing is copied on the way through this door. */
    @SuppressWarnings("restricted") // the length is libfuse's own
    private static ByteBuffer memory(Pointer buffer, long size) {
        return MemorySegment.ofAddress(buffer.address()).reinterpret(size).asByteBuffer();
    }

    @Override
    public int fallocate(String path, int mode, long offset, long length, FuseFileInfo file) {
        Allocation allocation = allocation(mode);
        return allocation == null
                ? -Errno.EOPNOTSUPP.number()
                : answer.to("fallocate", () -> {
                    space.allocate(file.fh.get(), allocation, offset, length);
                    return 0;
                });
    }

    /** The flags of fallocate(2), of which libfuse 2 lets through only those that its kernel knew. */
    private static @Nullable Allocation allocation(int mode) {
        return switch (mode) {
            case 0 -> Allocation.EXTEND;
            case FALLOC_FL_KEEP_SIZE -> Allocation.RESERVE;
            case FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE -> Allocation.PUNCH;
            default -> null;
        };
    }

    @Override
    public int flush(String path, FuseFileInfo file) {
        return answer.to("flush", () -> {
            tree.flush(file.fh.get());
            return 0;
        });
    }

    @Override
    public int fsync(String path, int dataOnly, FuseFileInfo file) {
        return answer.to("fsync", () -> {
            tree.fsync(file.fh.get());
            return 0;
        });
    }

    @Override
    public int release(String path, FuseFileInfo file) {
        return answer.to("release", () -> {
            tree.release(file.fh.get());
            return 0;
        });
    }

    // ---- directories -------------------------------------------------------------------------------------------

    @Override
    public int opendir(String path, FuseFileInfo directory) {
        return answer.to("opendir", () -> {
            directory.fh.set(paths.at(path, tree::opendir));
            return 0;
        });
    }

    @Override
    public int readdir(String path, Pointer buffer, FuseFillDir filler, long offset, FuseFileInfo directory) {
        return answer.to("readdir", () -> {
            jnr.ffi.Runtime runtime = jnr.ffi.Runtime.getSystemRuntime();
            FileStat stat = new FileStat(runtime);
            Pointer statMemory = Memory.allocateDirect(runtime, Struct.size(stat));
            stat.useMemory(statMemory);
            tree.readdir(directory.fh.get(), offset, (name, attributes, nextCookie) -> {
                fill(stat, attributes);
                return filler.apply(buffer, terminated(name), statMemory, nextCookie) == 0;
            });
            return 0;
        });
    }

    private static ByteBuffer terminated(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length + 1).put(bytes).put((byte) 0).flip();
    }

    @Override
    public int releasedir(String path, FuseFileInfo directory) {
        return answer.to("releasedir", () -> {
            tree.releasedir(directory.fh.get());
            return 0;
        });
    }

    @Override
    public int fsyncdir(@Nullable String path, FuseFileInfo directory) {
        // jnr-fuse leaves out the argument before the last one, so that what it takes for that is none.
        return path == null
                ? 0 // the directory was removed
                : answer.to(
                        "fsyncdir",
                        () -> paths.at(path, inode -> {
                            tree.fsyncdir(inode);
                            return 0;
                        }));
    }

    private Caller caller() {
        FuseContext context = getContext();
        return new Caller((int) context.uid.get(), (int) context.gid.get());
    }
}
