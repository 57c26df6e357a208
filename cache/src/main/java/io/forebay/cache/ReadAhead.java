package io.forebay.cache;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Watches the reads of one content and says how far to look ahead.
 *
 * <p>Reads that follow one another are a stream; a few streams are remembered, so that several readers, or one that
 * hops between two places, do not look random. The window of a stream is what it has read so far, within limits: so it
 * doubles as reading goes on. Random reads have no window.
 */
final class ReadAhead {
    /** As many as readers that commonly share a file on one node; the least recently used gives way. */
    private static final int STREAMS = 8;
    /** The kernel's own read-ahead asks in requests that overtake one another by less than this. */
    private static final long DISORDER_BYTES = 1 << 20;

    private final long firstBytes;
    private final long largestBytes;
    /** The most recently used first; guarded by this. */
    private final Deque<Stream> streams = new ArrayDeque<>(STREAMS);

    ReadAhead(CacheSettings settings) {
        this.firstBytes = settings.firstFetch().bytes();
        this.largestBytes = settings.largestFetch().bytes();
    }

    /**
     * What to fetch for one read.
     *
     * @param demandBytes how much to ask for from the first missing byte on, more than the read itself needs; or 0
     * @param aheadBytes how much to prefetch from the end of the stream on, or 0
     * @param end the end of the stream
     */
    record Window(long demandBytes, long aheadBytes, long end) {}

    /** Notes a read. */
    synchronized Window note(long offset, long length) {
        for (Stream stream : streams) {
            if (stream.isContinuedBy(offset)) {
                streams.remove(stream);
                streams.addFirst(stream);
                stream.end = Math.max(stream.end, offset + length);
                long window = Math.clamp(stream.end - stream.start, firstBytes, largestBytes);
                return new Window(window, window, stream.end);
            }
        }
        if (streams.size() == STREAMS) {
            streams.removeLast();
        }
        streams.addFirst(new Stream(offset, offset + length));
        return new Window(offset == 0 ? firstBytes : 0, 0, offset + length);
    }

    /** A run of reads, each near the end of the one before. */
    private static final class Stream {
        private final long start;
        private long end;

        Stream(long start, long end) {
            this.start = start;
            this.end = end;
        }

        /** Backwards only as far as disorder goes, and never behind its start. */
        boolean isContinuedBy(long offset) {
            return offset >= Math.max(start, end - DISORDER_BYTES) && offset <= end + DISORDER_BYTES;
        }
    }
}
