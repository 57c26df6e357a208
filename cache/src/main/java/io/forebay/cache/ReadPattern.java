package io.forebay.cache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches the reads of one content and says what the next ones will ask for.
 *
 * <p>Reads that join one another are a run, upwards or downwards; several runs are remembered, so that many readers, or
 * one that hops between places, do not look random, and so that requests which overtake one another form a run once the
 * gap between them is closed. Runs that begin at equal distances are a stride. The window of a run is a multiple of what
 * was read in it, so it grows as reading goes on; where windows turn out to be fetched for nothing the multiple shrinks.
 * Other reads are random, and nothing follows from them.
 */
final class ReadPattern {
    /** As many as readers that commonly share a file on one node, with requests of each that overtook others. */
    private static final int RUNS = 32;
    /** Runs among which strides are looked for: each with each. */
    private static final int STRIDE_CANDIDATES = 8;
    /** As many equal distances in a row are no accident. */
    private static final int STRIDE_PROOF = 3;

    private static final int MAX_STRIDES_AHEAD = 64;
    /** A window is this many times what was read: few steps to the largest, and few bytes for a file that is only begun. */
    private static final double MOST_EAGER = 4;

    private static final double LEAST_EAGER = 1.0 / 4;
    /** A run of so much is a reader that goes on, whatever the others did. */
    private static final long PROOF_BYTES = 16 << 20;
    /** A run that was not continued while so many other reads came has ended. */
    private static final int IDLE_READS = 64;
    /** A window is made of at least so many fetches: it is there to have several at work. */
    private static final int FETCHES_IN_WINDOW = 8;

    private final long firstBytes;
    private final long largestFetchBytes;
    private final CacheSettings settings;
    /** The largest window there is room for; guarded by this, like what follows. */
    private long windowBytes;

    /** The most recently used first. */
    private final Deque<ReadRun> runs = new ArrayDeque<>(RUNS);

    private long notes;
    private double eagerness = MOST_EAGER;

    ReadPattern(CacheSettings settings) {
        this.firstBytes = settings.firstFetch().bytes();
        this.largestFetchBytes = settings.largestFetch().bytes();
        this.settings = settings;
    }

    /** Takes note of a read of a file of {@code sizeBytes}. */
    Advice note(long offset, long length, long sizeBytes) {
        return note(offset, length, sizeBytes, Long.MAX_VALUE);
    }

    /**
     * Takes note of a read of a file of {@code sizeBytes}.
     *
     * @param mostAheadBytes the largest window there is room for
     */
    synchronized Advice note(long offset, long length, long sizeBytes, long mostAheadBytes) {
        windowBytes = Math.min(settings.prefetchBytes().bytes(), mostAheadBytes);
        notes++;
        ReadRun run = continued(offset, length);
        if (run != null) {
            merge(run);
            return ahead(run, sizeBytes);
        }
        ReadRun fresh = new ReadRun(offset, length, notes);
        findStride(fresh);
        judgeEnded();
        if (runs.size() == RUNS) {
            runs.removeLast();
        }
        runs.addFirst(fresh);
        if (fresh.strides() >= STRIDE_PROOF) {
            return strided(fresh, sizeBytes);
        }
        return offset == 0 ? new Advice(firstBytes, List.of(), firstBytes, false) : Advice.RANDOM;
    }

    private @Nullable ReadRun continued(long offset, long length) {
        for (ReadRun run : runs) {
            if (run.goesUp(offset, length) || run.goesDown(offset, length)) {
                runs.remove(run);
                runs.addFirst(run);
                run.extend(offset, length, notes);
                return run;
            }
        }
        return null;
    }

    private void merge(ReadRun run) {
        for (Iterator<ReadRun> others = runs.iterator(); others.hasNext(); ) {
            ReadRun other = others.next();
            if (other != run && run.meets(other)) {
                run.absorb(other);
                others.remove();
            }
        }
    }

    private Advice ahead(ReadRun run, long sizeBytes) {
        if (run.strides() >= STRIDE_PROOF) {
            return strided(run, sizeBytes);
        }
        long window = window(run);
        long fetch = Math.clamp(Long.highestOneBit(window) / FETCHES_IN_WINDOW, firstBytes, largestFetchBytes);
        if (window < firstBytes) {
            return Advice.NONE;
        }
        return run.isDownwards() ? down(run, window, fetch) : up(run, window, fetch, sizeBytes);
    }

    /** A window grows with reading, to a whole number of fetches. */
    private long window(ReadRun run) {
        double factor = run.readBytes() >= PROOF_BYTES ? MOST_EAGER : eagerness;
        return Math.min(windowBytes, (long) (factor * run.readBytes()));
    }

    /** The window ends where a fetch would, so that its edge does not creep forward in small ones. */
    private static Advice up(ReadRun run, long window, long fetch, long sizeBytes) {
        long edge = (run.end() + window) / fetch * fetch;
        long to = run.end() + window >= sizeBytes ? sizeBytes : edge;
        run.promise(to - run.end());
        List<Advice.Span> spans = to > run.end() ? List.of(new Advice.Span(run.end(), to)) : List.of();
        return new Advice(fetch, spans, fetch, false);
    }

    private static Advice down(ReadRun run, long window, long fetch) {
        List<Advice.Span> spans = new ArrayList<>();
        long lowest = Math.ceilDiv(Math.max(0, run.start() - window), fetch) * fetch;
        run.promise(run.start() - lowest);
        for (long to = run.start(); to > lowest; ) {
            long from = Math.max(lowest, (to - 1) / fetch * fetch);
            spans.add(new Advice.Span(from, to));
            to = from;
        }
        return new Advice(0, spans, fetch, false);
    }

    /** The rest of this stride and the next ones, twice as many as there were, but not what lies between. */
    private Advice strided(ReadRun run, long sizeBytes) {
        List<Advice.Span> spans = new ArrayList<>();
        add(spans, run.end(), run.firstOffset() + run.strideBytes(), sizeBytes);
        long length = Math.max(run.strideBytes(), run.end() - run.firstOffset());
        long most = Math.clamp(windowBytes / Math.max(length, PageMap.PAGE_BYTES), 1, MAX_STRIDES_AHEAD);
        long count = Math.min(2L * run.strides(), most);
        for (long step = 1; step <= count; step++) {
            long from = run.firstOffset() + step * run.stride();
            add(spans, from, from + length, sizeBytes);
        }
        return new Advice(0, spans, largestFetchBytes, false);
    }

    private static void add(List<Advice.Span> spans, long from, long to, long sizeBytes) {
        if (from >= 0 && from < Math.min(to, sizeBytes)) {
            spans.add(new Advice.Span(from, Math.min(to, sizeBytes)));
        }
    }

    private void findStride(ReadRun fresh) {
        long offset = fresh.firstOffset();
        for (ReadRun before : runs) {
            if (before.stridesTo(offset)) {
                fresh.follows(before, before.stride(), before.strides() + 1);
                return;
            }
        }
        int candidates = 0;
        for (ReadRun before : runs) {
            long distance = offset - before.firstOffset();
            if (distance != 0 && before.stride() == 0 && hasRunAt(before.firstOffset() - distance)) {
                fresh.follows(before, distance, 2);
                return;
            }
            if (++candidates == STRIDE_CANDIDATES) {
                return;
            }
        }
    }

    private boolean hasRunAt(long offset) {
        int candidates = 0;
        for (ReadRun run : runs) {
            if (run.firstOffset() == offset) {
                return true;
            }
            if (++candidates == STRIDE_CANDIDATES) {
                return false;
            }
        }
        return false;
    }

    /** Learns from runs that have ended whether their windows were read. */
    private void judgeEnded() {
        for (ReadRun run : runs) {
            if (!run.isJudged() && run.idleSince(notes - IDLE_READS)) {
                double wasted = run.wasted();
                if (wasted > 1) {
                    eagerness = Math.max(LEAST_EAGER, eagerness / 2);
                } else if (wasted > 0) {
                    eagerness = Math.min(MOST_EAGER, eagerness * 2);
                }
            }
        }
    }
}
