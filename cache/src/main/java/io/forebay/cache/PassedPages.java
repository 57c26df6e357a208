package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the room of what a sequential reader has passed, for a file that is larger than its disk may hold: so there is
 * room for what he reads next, and reading ahead goes on at full speed.
 *
 * <p>Nothing is given back while there is room without it, so that the beginning of the file stays for who reads it again.
 */
final class PassedPages {
    private static final Logger LOG = LoggerFactory.getLogger(PassedPages.class);

    /** Of what the disk may hold, a window ahead takes at most a half, and what stays behind a reader an eighth. */
    private static final int AHEAD_PART = 2;

    private static final int BEHIND_PART = 8;
    /** Requests that overtake one another do so by less than this. */
    private static final long MOST_BEHIND_BYTES = 16 << 20;
    /** One hole for so much: readers wait for a hole to be made as for a write, some 100 µs. */
    private static final long MOST_STEP_BYTES = 4 << 20;
    /** How far back what could not be given back before is looked for, in steps. */
    private static final int STEPS_BACK = 8;

    private final ContentState state;
    private final Place place;
    private final PageFetcher fetcher;
    private final FileSpace space;
    private volatile boolean impossible;

    PassedPages(ContentState state, Place place, PageFetcher fetcher, FileSpace space) {
        this.state = state;
        this.place = place;
        this.fetcher = fetcher;
        this.space = space;
    }

    private long mostBytes() {
        return place.disk().room().mostBytes();
    }

    /** How far ahead of a reader of {@code sizeBytes} to fetch at most. */
    long mostAheadBytes(long sizeBytes) {
        long most = mostBytes();
        return sizeBytes > most ? most / AHEAD_PART : Long.MAX_VALUE;
    }

    /** Takes note that a reader came from below {@code from} and has read up to {@code to}. */
    void passed(long from, long to, long sizeBytes) {
        long most = mostBytes();
        if (impossible || sizeBytes <= most) {
            return;
        }
        long step = Math.clamp(most / 16, PageMap.PAGE_BYTES, MOST_STEP_BYTES);
        long behind = Math.clamp(most / BEHIND_PART, PageMap.PAGE_BYTES, MOST_BEHIND_BYTES);
        boolean isTime = from / step != to / step;
        if (isTime && place.disk().room().isTight(most / AHEAD_PART + behind + 2 * step)) {
            long end = PageMap.pageOf(Math.max(0, from - behind));
            giveBack(Math.max(0, end - STEPS_BACK * PageMap.pageOf(step)), end);
        }
    }

    private void giveBack(long firstPage, long endPage) {
        state.bytes.writeLock().lock(); // nothing is read, and nothing arrives, until the hole is there
        try {
            for (long page = firstPage; page < endPage; ) {
                long from = firstPresent(page, endPage);
                long until = takeOut(from, endPage);
                if (until > from) {
                    makeHole(from, until);
                }
                page = Math.max(until, from + 1);
            }
        } catch (ForebayException failure) {
            impossible = true;
            LOG.debug("what was read of a large file stays reason={}", failure.getMessage());
        } finally {
            state.bytes.writeLock().unlock();
        }
    }

    private long firstPresent(long page, long endPage) {
        state.lock.lock();
        try {
            return state.pages.firstPresent(page, endPage);
        } finally {
            state.lock.unlock();
        }
    }

    /** Takes a run of pages out of the map; what is being fetched, changed or lent stays. Returns its end. */
    private long takeOut(long from, long endPage) {
        state.lock.lock();
        try {
            long until = state.pages.firstMissing(from, endPage);
            boolean clean = state.shared && !state.dirty && !state.frozen && !state.closed && !state.lent;
            if (!clean || from >= until || fetcher.isUnderWay(from, until)) {
                return from;
            }
            state.pages.markMissing(from, until);
            return until;
        } finally {
            state.lock.unlock();
        }
    }

    private void makeHole(long from, long until) throws ForebayException {
        place.forget(from, until);
        long offset = from * PageMap.PAGE_BYTES;
        long length = (until - from) * PageMap.PAGE_BYTES;
        if (space.punch(place.file().path(), offset, length)) {
            place.disk().room().released(length);
        } else {
            impossible = true;
        }
    }
}
