package io.forebay.fs.kernel;

/**
 * Where each field of the kernel's messages lies: byte offsets within the structures of {@code linux/fuse.h}, one
 * nested class for each structure, in the byte order of the machine.
 *
 * <p>A class is named as its structure without {@code fuse_}, a constant as its field, {@code SIZE} is what
 * {@code sizeof} says. A test compares all of them with the C compiler's view of the header.
 */
final class Wire {
    private Wire() {}

    /** Begins every request. */
    static final class InHeader {
        static final int LEN = 0;
        static final int OPCODE = 4;
        static final int UNIQUE = 8;
        static final int NODEID = 16;
        static final int UID = 24;
        static final int GID = 28;
        static final int PID = 32;
        static final int SIZE = 40;

        private InHeader() {}
    }

    /** Begins every reply and notification. */
    static final class OutHeader {
        static final int LEN = 0;
        static final int ERROR = 4;
        static final int UNIQUE = 8;
        static final int SIZE = 16;

        private OutHeader() {}
    }

    /** What {@code stat} shows, inside of other replies. */
    static final class Attr {
        static final int INO = 0;
        static final int SIZE_FIELD = 8;
        static final int BLOCKS = 16;
        static final int ATIME = 24;
        static final int MTIME = 32;
        static final int CTIME = 40;
        static final int ATIMENSEC = 48;
        static final int MTIMENSEC = 52;
        static final int CTIMENSEC = 56;
        static final int MODE = 60;
        static final int NLINK = 64;
        static final int UID = 68;
        static final int GID = 72;
        static final int RDEV = 76;
        static final int BLKSIZE = 80;
        static final int FLAGS = 84;
        static final int SIZE = 88;

        private Attr() {}
    }

    /** Answers LOOKUP and whatever makes an inode. */
    static final class EntryOut {
        static final int NODEID = 0;
        static final int GENERATION = 8;
        static final int ENTRY_VALID = 16;
        static final int ATTR_VALID = 24;
        static final int ENTRY_VALID_NSEC = 32;
        static final int ATTR_VALID_NSEC = 36;
        static final int ATTR = 40;
        static final int SIZE = 128;

        private EntryOut() {}
    }

    /** Answers GETATTR and SETATTR. */
    static final class AttrOut {
        static final int ATTR_VALID = 0;
        static final int ATTR_VALID_NSEC = 8;
        static final int DUMMY = 12;
        static final int ATTR = 16;
        static final int SIZE = 104;

        private AttrOut() {}
    }

    static final class InitIn {
        static final int MAJOR = 0;
        static final int MINOR = 4;
        static final int MAX_READAHEAD = 8;
        static final int FLAGS = 12;
        static final int FLAGS2 = 16;
        static final int SIZE = 64;
        /** Without {@code flags2} and what follows, as kernels before 7.36 send it. */
        static final int COMPAT_SIZE = 16;

        private InitIn() {}
    }

    static final class InitOut {
        static final int MAJOR = 0;
        static final int MINOR = 4;
        static final int MAX_READAHEAD = 8;
        static final int FLAGS = 12;
        static final int MAX_BACKGROUND = 16;
        static final int CONGESTION_THRESHOLD = 18;
        static final int MAX_WRITE = 20;
        static final int TIME_GRAN = 24;
        static final int MAX_PAGES = 28;
        static final int MAP_ALIGNMENT = 30;
        static final int FLAGS2 = 32;
        static final int MAX_STACK_DEPTH = 36;
        static final int SIZE = 64;

        private InitOut() {}
    }

    static final class ForgetIn {
        static final int NLOOKUP = 0;
        static final int SIZE = 8;

        private ForgetIn() {}
    }

    static final class BatchForgetIn {
        static final int COUNT = 0;
        static final int SIZE = 8;

        private BatchForgetIn() {}
    }

    static final class ForgetOne {
        static final int NODEID = 0;
        static final int NLOOKUP = 8;
        static final int SIZE = 16;

        private ForgetOne() {}
    }

    static final class GetattrIn {
        static final int GETATTR_FLAGS = 0;
        static final int FH = 8;
        static final int SIZE = 16;

        private GetattrIn() {}
    }

    static final class SetattrIn {
        static final int VALID = 0;
        static final int FH = 8;
        static final int SIZE_FIELD = 16;
        static final int LOCK_OWNER = 24;
        static final int ATIME = 32;
        static final int MTIME = 40;
        static final int CTIME = 48;
        static final int ATIMENSEC = 56;
        static final int MTIMENSEC = 60;
        static final int CTIMENSEC = 64;
        static final int MODE = 68;
        static final int UID = 76;
        static final int GID = 80;
        static final int SIZE = 88;

        private SetattrIn() {}
    }

    static final class MknodIn {
        static final int MODE = 0;
        static final int RDEV = 4;
        static final int UMASK = 8;
        static final int SIZE = 16;

        private MknodIn() {}
    }

    static final class MkdirIn {
        static final int MODE = 0;
        static final int UMASK = 4;
        static final int SIZE = 8;

        private MkdirIn() {}
    }

    static final class RenameIn {
        static final int NEWDIR = 0;
        static final int SIZE = 8;

        private RenameIn() {}
    }

    static final class Rename2In {
        static final int NEWDIR = 0;
        static final int FLAGS = 8;
        static final int SIZE = 16;

        private Rename2In() {}
    }

    static final class LinkIn {
        static final int OLDNODEID = 0;
        static final int SIZE = 8;

        private LinkIn() {}
    }

    static final class OpenIn {
        static final int FLAGS = 0;
        static final int OPEN_FLAGS = 4;
        static final int SIZE = 8;

        private OpenIn() {}
    }

    static final class OpenOut {
        static final int FH = 0;
        static final int OPEN_FLAGS = 8;
        static final int BACKING_ID = 12;
        static final int SIZE = 16;

        private OpenOut() {}
    }

    static final class CreateIn {
        static final int FLAGS = 0;
        static final int MODE = 4;
        static final int UMASK = 8;
        static final int OPEN_FLAGS = 12;
        static final int SIZE = 16;

        private CreateIn() {}
    }

    static final class ReadIn {
        static final int FH = 0;
        static final int OFFSET = 8;
        static final int SIZE_FIELD = 16;
        static final int READ_FLAGS = 20;
        static final int LOCK_OWNER = 24;
        static final int FLAGS = 32;
        static final int SIZE = 40;

        private ReadIn() {}
    }

    static final class WriteIn {
        static final int FH = 0;
        static final int OFFSET = 8;
        static final int SIZE_FIELD = 16;
        static final int WRITE_FLAGS = 20;
        static final int LOCK_OWNER = 24;
        static final int FLAGS = 32;
        static final int SIZE = 40;

        private WriteIn() {}
    }

    static final class WriteOut {
        static final int SIZE_FIELD = 0;
        static final int PADDING = 4;
        static final int SIZE = 8;

        private WriteOut() {}
    }

    static final class FallocateIn {
        static final int FH = 0;
        static final int OFFSET = 8;
        static final int LENGTH = 16;
        static final int MODE = 24;
        static final int SIZE = 32;

        private FallocateIn() {}
    }

    static final class CopyFileRangeIn {
        static final int FH_IN = 0;
        static final int OFF_IN = 8;
        static final int FH_OUT = 24;
        static final int OFF_OUT = 32;
        static final int LEN = 40;
        static final int SIZE = 56;

        private CopyFileRangeIn() {}
    }

    static final class LseekIn {
        static final int FH = 0;
        static final int OFFSET = 8;
        static final int WHENCE = 16;
        static final int SIZE = 24;

        private LseekIn() {}
    }

    static final class LseekOut {
        static final int OFFSET = 0;
        static final int SIZE = 8;

        private LseekOut() {}
    }

    static final class SetxattrIn {
        static final int SIZE_FIELD = 0;
        static final int FLAGS = 4;
        /** Without what FUSE_SETXATTR_EXT adds, which is not asked for. */
        static final int COMPAT_SIZE = 8;

        private SetxattrIn() {}
    }

    static final class GetxattrIn {
        static final int SIZE_FIELD = 0;
        static final int SIZE = 8;

        private GetxattrIn() {}
    }

    static final class GetxattrOut {
        static final int SIZE_FIELD = 0;
        static final int SIZE = 8;

        private GetxattrOut() {}
    }

    static final class FlushIn {
        static final int FH = 0;
        static final int LOCK_OWNER = 16;
        static final int SIZE = 24;

        private FlushIn() {}
    }

    static final class FsyncIn {
        static final int FH = 0;
        static final int FSYNC_FLAGS = 8;
        static final int SIZE = 16;

        private FsyncIn() {}
    }

    static final class ReleaseIn {
        static final int FH = 0;
        static final int FLAGS = 8;
        static final int RELEASE_FLAGS = 12;
        static final int LOCK_OWNER = 16;
        static final int SIZE = 24;

        private ReleaseIn() {}
    }

    /** One directory entry; records are padded to a multiple of 8 bytes. */
    static final class Dirent {
        static final int INO = 0;
        static final int OFF = 8;
        static final int NAMELEN = 16;
        static final int TYPE = 20;
        static final int NAME = 24;
        static final int SIZE = 24;

        private Dirent() {}
    }

    static final class Direntplus {
        static final int ENTRY_OUT = 0;
        static final int DIRENT = 128;
        static final int SIZE = 152;

        private Direntplus() {}
    }

    static final class Kstatfs {
        static final int BLOCKS = 0;
        static final int BFREE = 8;
        static final int BAVAIL = 16;
        static final int FILES = 24;
        static final int FFREE = 32;
        static final int BSIZE = 40;
        static final int NAMELEN = 44;
        static final int FRSIZE = 48;
        static final int SIZE = 80;

        private Kstatfs() {}
    }

    static final class InterruptIn {
        static final int UNIQUE = 0;
        static final int SIZE = 8;

        private InterruptIn() {}
    }

    static final class NotifyInvalInodeOut {
        static final int INO = 0;
        static final int OFF = 8;
        static final int LEN = 16;
        static final int SIZE = 24;

        private NotifyInvalInodeOut() {}
    }

    static final class NotifyInvalEntryOut {
        static final int PARENT = 0;
        static final int NAMELEN = 8;
        static final int FLAGS = 12;
        static final int SIZE = 16;

        private NotifyInvalEntryOut() {}
    }

    /** The argument of the BACKING_OPEN ioctl; since 7.40. */
    static final class BackingMap {
        static final int FD = 0;
        static final int FLAGS = 4;
        static final int PADDING = 8;
        static final int SIZE = 16;

        private BackingMap() {}
    }
}
