package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.forebay.base.error.ForebayException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What the kernel and we agreed on.
 *
 * @param minor of protocol 7
 * @param flags both words of them, the second in the upper half
 * @param maxReadaheadBytes what the kernel reads ahead
 * @param maxBackground how many requests it does not wait for
 * @param maxTransferBytes the most that one READ or WRITE moves
 * @param maxPages the same in pages of the machine
 */
record Negotiation(
        int minor, long flags, int maxReadaheadBytes, int maxBackground, int maxTransferBytes, int maxPages) {
    static final int MAJOR = 7;
    /** Linux 5.4: all that the door relies on is there. */
    static final int MIN_MINOR = 31;
    /** The newest that was read and understood. */
    static final int MAX_MINOR = 45;

    /** Without the kernel's write-back cache, which excludes passthrough, and without POSIX ACLs. */
    private static final List<InitFlag> WANTED = List.of(
            InitFlag.ASYNC_READ,
            InitFlag.ATOMIC_O_TRUNC,
            InitFlag.BIG_WRITES,
            InitFlag.DO_READDIRPLUS,
            InitFlag.READDIRPLUS_AUTO,
            InitFlag.ASYNC_DIO,
            InitFlag.PARALLEL_DIROPS,
            InitFlag.MAX_PAGES,
            InitFlag.CACHE_SYMLINKS,
            InitFlag.EXPLICIT_INVAL_DATA,
            InitFlag.INIT_EXT,
            InitFlag.DIRECT_IO_ALLOW_MMAP);

    /**
     * Chooses from what the kernel offers.
     *
     * @param privileged whether we may register backing files
     * @throws ForebayException.Unsupported if the kernel is too old
     */
    static Negotiation of(Request.Init offer, KernelSettings settings, boolean privileged, int pageBytes)
            throws ForebayException {
        if (offer.major() != MAJOR || offer.minor() < MIN_MINOR) {
            throw new ForebayException.Unsupported("the kernel speaks FUSE " + offer.major() + "." + offer.minor()
                    + "; at least " + MAJOR + "." + MIN_MINOR + " is needed (Linux 5.4)");
        }
        long wanted = 0;
        for (InitFlag flag : WANTED) {
            wanted |= flag.mask();
        }
        if (settings.passthrough() && privileged) {
            wanted |= InitFlag.PASSTHROUGH.mask();
        }
        return new Negotiation(
                Math.min(offer.minor(), MAX_MINOR),
                offer.flags() & wanted,
                Math.min(offer.maxReadaheadBytes(), settings.readAheadBytes()),
                settings.maxBackground(),
                settings.maxTransferBytes(),
                settings.maxTransferBytes() / pageBytes);
    }

    boolean passthrough() {
        return InitFlag.PASSTHROUGH.in(flags);
    }

    /** @param body {@link Wire.InitOut#SIZE} bytes of zeros */
    void encode(MemorySegment body) {
        body.set(JAVA_INT, Wire.InitOut.MAJOR, MAJOR);
        body.set(JAVA_INT, Wire.InitOut.MINOR, minor);
        body.set(JAVA_INT, Wire.InitOut.MAX_READAHEAD, maxReadaheadBytes);
        body.set(JAVA_INT, Wire.InitOut.FLAGS, (int) flags);
        body.set(JAVA_INT, Wire.InitOut.FLAGS2, (int) (flags >>> 32));
        body.set(JAVA_SHORT, Wire.InitOut.MAX_BACKGROUND, (short) maxBackground);
        // The kernel calls the device congested, and reads ahead less eagerly, at three quarters of that.
        body.set(JAVA_SHORT, Wire.InitOut.CONGESTION_THRESHOLD, (short) (maxBackground * 3 / 4));
        body.set(JAVA_INT, Wire.InitOut.MAX_WRITE, maxTransferBytes);
        body.set(JAVA_INT, Wire.InitOut.TIME_GRAN, 1);
        body.set(JAVA_SHORT, Wire.InitOut.MAX_PAGES, (short) maxPages);
        // A backing file may lie on a real file system, not on one that is itself stacked.
        body.set(JAVA_INT, Wire.InitOut.MAX_STACK_DEPTH, passthrough() ? 1 : 0);
    }
}
