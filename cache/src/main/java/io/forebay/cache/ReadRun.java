package io.forebay.cache;

/** Reads that join one another, upwards or downwards. Guarded by its {@link ReadPattern}. */
final class ReadRun {
    /** What a reader skips is read over up to here: it is fetched anyway, being less than a page. */
    private static final long SMALL_GAP_BYTES = PageMap.PAGE_BYTES;
    /** The kernel's own read-ahead asks in requests that overtake one another, and asks again, by less than this. */
    private static final long DISORDER_BYTES = 1 << 20;

    private final long firstOffset;
    private long start;
    private long end;
    private long readBytes;
    private long lastNote;
    /** How often in a row it grew downwards. */
    private int downwards;

    /** How far from the run before it this one began, if others began at that distance too; else 0. */
    private long stride;

    private int strides;
    /** How much of each of them is read, as far as the one before shows. */
    private long strideBytes;
    /** How much was said, last, to come beyond its end. */
    private long promisedBytes;

    private boolean judged;

    ReadRun(long offset, long length, long note) {
        firstOffset = offset;
        start = offset;
        end = offset + length;
        readBytes = length;
        lastNote = note;
    }

    /** Whether a read joins it at its upper end, or repeats what lies just below that. */
    boolean goesUp(long offset, long length) {
        return offset >= Math.max(start, end - DISORDER_BYTES) && offset <= end + Math.max(SMALL_GAP_BYTES, length);
    }

    /** Whether a read joins it at its lower end. */
    boolean goesDown(long offset, long length) {
        return offset < start && offset + length >= start - Math.max(SMALL_GAP_BYTES, length);
    }

    void extend(long offset, long length, long note) {
        downwards = offset < start ? downwards + 1 : 0;
        start = Math.min(start, offset);
        end = Math.max(end, offset + length);
        readBytes = Math.min(readBytes + length, end - start);
        lastNote = note;
    }

    /** Takes in a run that overtook it, once the gap between them has closed. */
    void absorb(ReadRun other) {
        start = Math.min(start, other.start);
        end = Math.max(end, other.end);
        readBytes = Math.min(readBytes + other.readBytes, end - start);
        downwards = 0;
    }

    boolean meets(ReadRun other) {
        return other.start >= start && other.start <= end && other.end > end;
    }

    /** Says that it began at {@code distance} from {@code before}, as {@code count} others did from those before them. */
    void follows(ReadRun before, long distance, int count) {
        stride = distance;
        strides = count;
        strideBytes = Math.max(before.end - before.start, before.strideBytes);
    }

    /** Whether it reads downwards: one step may be a request that was overtaken. */
    boolean isDownwards() {
        return downwards >= 2;
    }

    /** Whether this is where the next stride from it leads. */
    boolean stridesTo(long offset) {
        return stride != 0 && firstOffset + stride == offset;
    }

    void promise(long bytes) {
        promisedBytes = Math.max(0, bytes);
    }

    boolean idleSince(long note) {
        return lastNote < note;
    }

    /** How much of what was promised was never read, compared with what was. Asked once, when the run has ended. */
    double wasted() {
        judged = true;
        return (double) promisedBytes / Math.max(1, readBytes);
    }

    boolean isJudged() {
        return judged;
    }

    long firstOffset() {
        return firstOffset;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long readBytes() {
        return readBytes;
    }

    long stride() {
        return stride;
    }

    int strides() {
        return strides;
    }

    long strideBytes() {
        return strideBytes;
    }
}
