package io.forebay.fs;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How a program reads the small files of one directory now, and how much may be fetched ahead of it.
 *
 * <p><b>Appetite.</b> With each file that the program opens, more may be fetched ahead: the square of their number, so that
 * who reads three files causes at most nine fetches, and who reads forty already has 1,600 under way. It is bounded in bytes by a
 * share of the cache. A file that the program finds here makes room for the next one. Of what was fetched and not used
 * until the program stopped reading, the next spree learns to take less.
 */
final class ReadingSpree {
    /** Files that had to be waited for, before others are fetched ahead. */
    private static final int FEW = 3;

    /** Who opened nothing for so long does not read there any more. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** A distrust of 4 takes a sixteenth of the square. */
    private static final int MOST_DISTRUST = 4;

    private final Clock clock;

    /** Guarded by this, like what follows. */
    private long latestNanos;

    private String latestName = "";
    private long opened;
    private long missed;
    private long ascending;
    private long aheadFiles;
    private long aheadBytes;
    private long fetchedFiles;
    private long shareBytes;
    private int distrust;
    private boolean walking;

    ReadingSpree(Clock clock) {
        this.clock = clock;
    }

    /**
     * A small file was opened.
     *
     * @param wasHere whether it was on local disk
     * @return whether it is time to fetch others ahead
     */
    synchronized boolean opened(String name, long sizeBytes, boolean wasHere) {
        long now = clock.nanoTime();
        if (opened == 0 || now - latestNanos >= IDLE.toNanos()) {
            forget();
        }
        latestNanos = now;
        ascending += ListedOrder.compare(name, latestName) > 0 ? 1 : 0;
        latestName = name;
        opened++;
        if (wasHere) {
            aheadFiles = Math.max(0, aheadFiles - 1);
            aheadBytes = Math.max(0, aheadBytes - sizeBytes);
        } else {
            missed++;
        }
        notifyAll();
        return missed >= FEW && !wasHere && !walking;
    }

    private void forget() {
        opened = 0;
        missed = 0;
        ascending = 0;
        aheadFiles = 0;
        aheadBytes = 0;
        latestName = "";
    }

    synchronized String latestName() {
        return latestName;
    }

    /** Whether files are opened in the order of their names, more or less: several threads overtake one another. */
    synchronized boolean isInOrder() {
        return ascending * 4 >= opened * 3;
    }

    /** @return false if there is a walk already */
    synchronized boolean beginWalk() {
        boolean first = !walking;
        walking = true;
        fetchedFiles = 0;
        return first;
    }

    synchronized void endWalk() {
        walking = false;
        if (fetchedFiles > 0) {
            boolean wasted = aheadFiles * 2 > fetchedFiles && !isGoingOn();
            distrust = wasted ? Math.min(MOST_DISTRUST, distrust + 1) : Math.max(0, distrust - 1);
        }
    }

    synchronized boolean isGoingOn() {
        return clock.nanoTime() - latestNanos < IDLE.toNanos();
    }

    /**
     * Waits a moment for room elsewhere.
     *
     * @return false if the program stopped reading there
     */
    synchronized boolean pause(Duration moment) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, moment.toNanos());
        return isGoingOn();
    }

    /** How many bytes may be here that nobody has asked for. */
    synchronized void shareIs(long bytes) {
        shareBytes = bytes;
    }

    synchronized void fetched(long bytes) {
        aheadFiles++;
        aheadBytes += bytes;
        fetchedFiles++;
    }

    /**
     * Waits until one more file of that size may be fetched.
     *
     * @return false if the program stopped reading there
     */
    synchronized boolean awaitAppetite(long bytes) throws InterruptedException {
        while (isGoingOn()) {
            long mostFiles = Math.max(FEW, (opened * opened) >> distrust);
            if (aheadFiles < mostFiles && aheadBytes + bytes <= shareBytes) {
                return true;
            }
            long idleAt = latestNanos + IDLE.toNanos() - clock.nanoTime();
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(TimeUnit.MILLISECONDS.toNanos(1), idleAt));
        }
        return false;
    }
}
