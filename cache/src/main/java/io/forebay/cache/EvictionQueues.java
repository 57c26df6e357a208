package io.forebay.cache;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The order in which slots are given up: S3-FIFO (Yang and others, SOSP 2023), by weight.
 *
 * <p>What is new enters a <em>small</em> queue, a tenth of the whole. What reaches its end unused leaves the cache, and
 * only its key is remembered; so what is read once, a scan, passes through that tenth and leaves the rest alone. What was
 * used again meanwhile moves to the <em>main</em> queue, and so does what comes back while its key is remembered. In the
 * main queue what was used goes round again, up to three times for as many uses.
 *
 * <p>A use only counts; nothing moves but what is looked at for being given up, so that a hit costs one byte. Some 14
 * bytes a slot, and no object. Not safe for use by many threads, no I/O.
 */
final class EvictionQueues {
    /** There is nothing to be given up. */
    static final int NONE = -1;
    /** Nothing was found in so many steps; ask again. */
    static final int LATER = -2;

    /** Of all weight, the small queue has a tenth: the share that the authors found best over 6,594 traces. */
    private static final int SMALL_PART = 10;

    private static final byte MAX_USES = 3;
    /** More rounds than the most used one can go, and one for what may not go now. */
    private static final int MAX_ROUNDS = MAX_USES + 2;

    private static final byte OUT = 0;
    private static final byte SMALL = 1;
    private static final byte MAIN = 2;
    private static final int FIRST_SLOTS = 64;

    private byte[] queues = new byte[FIRST_SLOTS];
    private byte[] uses = new byte[FIRST_SLOTS];
    private int[] weights = new int[FIRST_SLOTS];
    private int[] older = new int[FIRST_SLOTS];
    private int[] newer = new int[FIRST_SLOTS];

    private final int[] oldest = {NONE, NONE, NONE};
    private final int[] newest = {NONE, NONE, NONE};
    private final int[] sizes = new int[3];
    private final long[] weightOf = new long[3];
    private final GhostKeys ghosts = new GhostKeys();
    /** How many slots were looked at since one was given up, and how many of them in the main queue. */
    private long looks;

    private long mainLooks;

    /** Makes room for that many slots, and no more. */
    void expect(int slots) {
        if (slots > queues.length) {
            queues = Arrays.copyOf(queues, slots);
            uses = Arrays.copyOf(uses, slots);
            weights = Arrays.copyOf(weights, slots);
            older = Arrays.copyOf(older, slots);
            newer = Arrays.copyOf(newer, slots);
        }
    }

    /** What is in a slot is new. */
    void add(int slot, int key, int weight) {
        enter(slot, ghosts.remove(key) ? MAIN : SMALL, weight);
    }

    /** What is in a slot was there before this process, when it had been worth to be kept. */
    void addOld(int slot, int weight) {
        enter(slot, MAIN, weight);
    }

    private void enter(int slot, byte queue, int weight) {
        if (slot >= queues.length) {
            expect(Math.max(slot + 1, queues.length + queues.length / 4));
        }
        if (queues[slot] != OUT) {
            throw new IllegalStateException("slot " + slot + " is in a queue already");
        }
        uses[slot] = 0;
        weights[slot] = weight;
        append(slot, queue);
        beginAnew();
    }

    private void beginAnew() {
        looks = 0;
        mainLooks = 0;
    }

    boolean contains(int slot) {
        return slot < queues.length && queues[slot] != OUT;
    }

    /** It was used again. */
    void used(int slot) {
        if (contains(slot) && uses[slot] < MAX_USES) {
            uses[slot]++;
        }
    }

    /** It weighs something else now. */
    void weigh(int slot, int weight) {
        if (contains(slot)) {
            weightOf[queues[slot]] += weight - weights[slot];
            weights[slot] = weight;
        }
    }

    /** It is gone, or nobody may give it up any more. */
    void remove(int slot) {
        if (contains(slot)) {
            unlink(slot);
        }
    }

    /** How many slots are in the queues. */
    int size() {
        return sizes[SMALL] + sizes[MAIN];
    }

    /** What they weigh. */
    long weight() {
        return weightOf[SMALL] + weightOf[MAIN];
    }

    /** Keys that are remembered. */
    int remembered() {
        return ghosts.size();
    }

    /** The key under which a slot is remembered when it is given up. */
    @FunctionalInterface
    interface Keys {
        int keyOf(int slot);
    }

    /**
     * Takes out what is to be given up next.
     *
     * @param mayGo false for what somebody uses at this moment
     * @param mostSteps how many slots to look at, at most
     * @return the slot, {@link #LATER} or {@link #NONE}
     */
    int next(IntPredicate mayGo, Keys keys, int mostSteps) {
        for (int step = 0; step < mostSteps; step++) {
            if (looks++ > 2L * MAX_ROUNDS * size() || size() == 0) {
                beginAnew();
                return NONE;
            }
            int slot = sizes[MAIN] == 0 || isSmallsTurn() ? fromSmall(mayGo, keys) : fromMain(mayGo);
            if (slot != NONE) {
                beginAnew();
                return slot;
            }
        }
        return LATER;
    }

    /** It has its tenth, or nothing in the main queue may go. */
    private boolean isSmallsTurn() {
        return sizes[SMALL] > 0
                && (weightOf[SMALL] * SMALL_PART >= weight() || mainLooks > (long) MAX_ROUNDS * sizes[MAIN]);
    }

    private int fromSmall(IntPredicate mayGo, Keys keys) {
        int slot = oldest[SMALL];
        unlink(slot);
        if (uses[slot] > 0 || !mayGo.test(slot)) {
            uses[slot] = 0;
            append(slot, MAIN);
            return NONE;
        }
        ghosts.add(keys.keyOf(slot), size());
        return slot;
    }

    private int fromMain(IntPredicate mayGo) {
        mainLooks++;
        int slot = oldest[MAIN];
        unlink(slot);
        if (uses[slot] > 0) {
            uses[slot]--;
        } else if (mayGo.test(slot)) {
            return slot;
        }
        append(slot, MAIN);
        return NONE;
    }

    private void append(int slot, byte queue) {
        queues[slot] = queue;
        older[slot] = newest[queue];
        newer[slot] = NONE;
        if (newest[queue] == NONE) {
            oldest[queue] = slot;
        } else {
            newer[newest[queue]] = slot;
        }
        newest[queue] = slot;
        sizes[queue]++;
        weightOf[queue] += weights[slot];
    }

    private void unlink(int slot) {
        byte queue = queues[slot];
        if (older[slot] == NONE) {
            oldest[queue] = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest[queue] = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        queues[slot] = OUT;
        sizes[queue]--;
        weightOf[queue] -= weights[slot];
    }
}
