package io.forebay.fs.kernel;

/** What both sides may agree on at INIT: bits of {@code flags} (0 to 31) and {@code flags2} (32 to 63). */
enum InitFlag {
    /** Several reads of one handle may be under way. */
    ASYNC_READ(0),
    /** O_TRUNC comes with OPEN, not as a SETATTR of its own. */
    ATOMIC_O_TRUNC(3),
    /** Writes may be larger than a page. */
    BIG_WRITES(5),
    /** READDIR may bring the attributes along. */
    DO_READDIRPLUS(13),
    /** The kernel asks for them only where somebody uses them. */
    READDIRPLUS_AUTO(14),
    /** Several direct reads and writes of one call may be under way. */
    ASYNC_DIO(15),
    /** Excludes {@link #PASSTHROUGH}; never asked for. */
    WRITEBACK_CACHE(16),
    /** Several lookups and listings of one directory may be under way. */
    PARALLEL_DIROPS(18),
    /** {@code max_pages} in the reply counts. */
    MAX_PAGES(22),
    /** Targets of symlinks may be kept. */
    CACHE_SYMLINKS(23),
    /** Cached pages are dropped only when we say so. */
    EXPLICIT_INVAL_DATA(25),
    /** {@code flags2} counts. */
    INIT_EXT(30),
    /** Handles opened with FOPEN_DIRECT_IO may be mapped. */
    DIRECT_IO_ALLOW_MMAP(36),
    /** Opens may be backed by a local file. */
    PASSTHROUGH(37);

    private final int bit;

    InitFlag(int bit) {
        this.bit = bit;
    }

    long mask() {
        return 1L << bit;
    }

    boolean in(long flags) {
        return (flags & mask()) != 0;
    }
}
