package io.forebay.fs;

/**
 * How a file is opened.
 *
 * @param read whether the handle may read
 * @param write whether the handle may write
 * @param truncate whether the content is emptied (O_TRUNC)
 * @param append whether each write goes to the end (O_APPEND)
 */
public record OpenMode(boolean read, boolean write, boolean truncate, boolean append) {
    public static final OpenMode READ = new OpenMode(true, false, false, false);
    public static final OpenMode WRITE = new OpenMode(false, true, false, false);
    public static final OpenMode READ_WRITE = new OpenMode(true, true, false, false);

    private static final int O_ACCMODE = 03;
    private static final int O_RDONLY = 00;
    private static final int O_WRONLY = 01;
    private static final int O_TRUNC = 01000;
    private static final int O_APPEND = 02000;

    /** From the flags of open(2) on Linux, as the kernel sends them. */
    public static OpenMode ofFlags(int flags) {
        int access = flags & O_ACCMODE;
        return new OpenMode(access != O_WRONLY, access != O_RDONLY, (flags & O_TRUNC) != 0, (flags & O_APPEND) != 0);
    }
}
