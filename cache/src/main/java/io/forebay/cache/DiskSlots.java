package io.forebay.cache;

import java.util.Arrays;

/**
 * What is known in memory of the slots of one disk: which are free, which belong to content that is in use, and which
 * rest, and in which order they would be given up. Some 50 bytes a slot, whatever the names of blobs are.
 *
 * <p>Resting slots are found by the first 64 bits of their key, in a table with open addressing; whoever finds one
 * compares the whole key on disk. Safe for use by many threads. No I/O.
 */
final class DiskSlots {
    /** What is returned where there is no slot. */
    static final int NONE = EvictionQueues.NONE;
    /** What is returned where none was found in so many steps. */
    static final int LATER = EvictionQueues.LATER;

    /** What content weighs is counted in the blocks of file systems. */
    private static final int BLOCK_BYTES = 4096;

    private static final byte FREE = 0;
    /** Somebody uses it: an open content, or whoever is removing its files. */
    private static final byte HELD = 1;

    private static final byte RESTING = 2;
    /** It rests, and is in no queue: nothing but its last use or its release makes it give way. */
    private static final byte PINNED = 3;

    private static final int FIRST_SLOTS = 64;

    private int count;
    private byte[] states = new byte[FIRST_SLOTS];
    private long[] prefixes = new long[FIRST_SLOTS];
    private int[] pages = new int[FIRST_SLOTS];
    private int[] lastUses = new int[FIRST_SLOTS];
    private int[] blocks = new int[FIRST_SLOTS];
    /** What ever rested, also while it is in use again: so it keeps its turn. */
    private final EvictionQueues queues = new EvictionQueues();

    /** Slots that were given back; it may name one twice, or one that is in use again. */
    private int[] free = new int[FIRST_SLOTS];

    private int freeCount;

    /** For each bucket a resting slot and one more, or 0. */
    private int[] buckets = new int[4 * FIRST_SLOTS];

    private int resting;
    private long restingPages;
    private long restingBlocks;
    private long pinnedBlocks;
    /** The slot whose files are being swept away, if any. */
    private int sweeping = NONE;

    /** How many slots rest. */
    synchronized int resting() {
        return resting;
    }

    /** How many pages of content rest. */
    synchronized long restingPages() {
        return restingPages;
    }

    /** How many bytes of content rest, in whole blocks of the file system. */
    synchronized long restingBytes() {
        return restingBlocks * BLOCK_BYTES;
    }

    /** How many of those bytes are pinned. */
    synchronized long pinnedBytes() {
        return pinnedBlocks * BLOCK_BYTES;
    }

    /** How many bytes the content of a slot had when it last rested. */
    synchronized long bytesOf(int slot) {
        return (long) blocks[slot] * BLOCK_BYTES;
    }

    /** One more than the highest slot that was ever used. */
    synchronized int count() {
        return count;
    }

    /** Makes room for that many slots, and no more. */
    synchronized void expect(int slots) {
        if (slots > states.length) {
            grow(slots);
            rehash(slots / 2);
        }
    }

    /** Takes that very slot, whatever was found in it. */
    synchronized void hold(int slot) {
        while (count <= slot) {
            addFree();
        }
        if (states[slot] == RESTING) {
            leave(slot);
            queues.remove(slot);
        }
        states[slot] = HELD;
    }

    /** The next slot, as it was found on disk, rests; the order of use is that of {@link #order}. */
    synchronized void addResting(long prefix, int pagesThere, int lastUse, long lengthBytes, boolean pinned) {
        int slot = add();
        put(slot, prefix, pagesThere, lastUse, lengthBytes, pinned);
    }

    synchronized void addFree() {
        int slot = add();
        states[slot] = FREE;
        pushFree(slot);
    }

    private int add() {
        if (count == states.length) {
            grow(count + count / 4);
        }
        return count++;
    }

    /** What rests is given up in the order of its last use, behind what is new and of no use. */
    synchronized void order() {
        long[] byUse = new long[resting];
        int found = 0;
        for (int slot = 0; slot < count; slot++) {
            if (states[slot] == RESTING) {
                byUse[found++] = (long) lastUses[slot] << Integer.SIZE | slot;
            }
        }
        Arrays.sort(byUse, 0, found);
        queues.expect(count);
        for (int i = 0; i < found; i++) {
            queues.addOld((int) byUse[i], blocks[(int) byUse[i]]);
        }
    }

    /** A slot that is the caller's from now on. */
    synchronized int take() {
        int kept = NONE;
        int slot = NONE;
        while (slot == NONE && freeCount > 0) {
            int next = free[--freeCount];
            if (next == sweeping) {
                kept = next;
            } else if (states[next] == FREE) {
                slot = next;
            }
        }
        if (kept != NONE) {
            pushFree(kept);
        }
        if (slot == NONE) {
            slot = add();
            if (slot == sweeping) {
                states[slot] = FREE;
                pushFree(slot);
                slot = add();
            }
        }
        states[slot] = HELD;
        return slot;
    }

    /** Takes a resting slot with that key, as far as can be told from its beginning. */
    synchronized int takeResting(long prefix) {
        int slot = find(prefix);
        if (slot != NONE) {
            leave(slot);
            queues.used(slot);
        }
        return slot;
    }

    /** Whether a slot with that key rests, as far as can be told from its beginning. */
    synchronized boolean isResting(long prefix) {
        return find(prefix) != NONE;
    }

    /** How many pages rest under that key, as far as can be told from its beginning; 0 if none does. */
    synchronized int pagesOf(long prefix) {
        int slot = find(prefix);
        return slot == NONE ? 0 : pages[slot];
    }

    /** Whether content of that key rests in that very slot. */
    synchronized boolean isResting(int slot, long prefix) {
        return slot < count && rests(slot) && prefixes[slot] == prefix;
    }

    /** Whether content of that key rests in that very slot, pinned. */
    synchronized boolean isPinned(int slot, long prefix) {
        return isResting(slot, prefix) && states[slot] == PINNED;
    }

    private boolean rests(int slot) {
        return states[slot] >= RESTING;
    }

    /** Takes a slot, for the caller to remove, if content of that key still rests there and is not pinned. */
    synchronized boolean giveUp(int slot, long prefix) {
        if (!isResting(slot, prefix) || states[slot] == PINNED) {
            return false;
        }
        leave(slot);
        queues.remove(slot);
        return true;
    }

    /** Takes a slot if content of that key still rests there, pinned. */
    synchronized boolean takePinned(int slot, long prefix) {
        if (!isPinned(slot, prefix)) {
            return false;
        }
        leave(slot);
        return true;
    }

    /** A slot that was taken rests from now on. */
    synchronized void rest(int slot, long prefix, int pagesThere, int lastUse, long lengthBytes, boolean pinned) {
        put(slot, prefix, pagesThere, lastUse, lengthBytes, pinned);
        if (pinned) {
            queues.remove(slot);
        } else if (queues.contains(slot)) {
            queues.weigh(slot, blocks[slot]);
        } else {
            queues.add(slot, (int) prefix, blocks[slot]);
        }
    }

    /**
     * Takes the resting slot that is to be given up next, for the caller to remove.
     *
     * @param mostSteps how many slots to look at, at most
     * @return the slot, {@link #LATER}, or {@link #NONE} if none rests
     */
    synchronized int giveUpNext(int mostSteps) {
        int slot = queues.next(candidate -> states[candidate] == RESTING, this::queueKey, mostSteps);
        if (slot >= 0) {
            leave(slot);
        }
        return slot;
    }

    private int queueKey(int slot) {
        return (int) prefixes[slot];
    }

    /**
     * Takes a resting slot that was not used since a time, for the caller to remove.
     *
     * @param first where to look, in so many slots
     * @return the slot, or {@link #NONE} if there is none among them
     */
    synchronized int giveUpUnusedSince(long sinceSeconds, int first, int slots) {
        for (int slot = first; slot < Math.min(count, first + slots); slot++) {
            if (states[slot] == RESTING && lastUses[slot] < sinceSeconds) {
                leave(slot);
                queues.remove(slot);
                return slot;
            }
        }
        return NONE;
    }

    /** A slot that was taken is free again. */
    synchronized void giveBack(int slot) {
        states[slot] = FREE;
        queues.remove(slot);
        pushFree(slot);
    }

    /** Keeps a free slot from being taken, so that its files can be removed; false if it is in use. One at a time. */
    synchronized boolean beginSweep(int slot) {
        if (slot < count && states[slot] != FREE) {
            return false;
        }
        sweeping = slot;
        return true;
    }

    synchronized void endSweep() {
        sweeping = NONE;
    }

    private void put(int slot, long prefix, int pagesThere, int lastUse, long lengthBytes, boolean pinned) {
        long present = Math.min(lengthBytes, (long) pagesThere * PageMap.PAGE_BYTES);
        states[slot] = pinned ? PINNED : RESTING;
        blocks[slot] = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(present, BLOCK_BYTES));
        restingBlocks += blocks[slot];
        pinnedBlocks += pinned ? blocks[slot] : 0;
        prefixes[slot] = prefix;
        pages[slot] = pagesThere;
        lastUses[slot] = lastUse;
        resting++;
        restingPages += pagesThere;
        if (2L * resting > buckets.length) {
            rehash(resting);
        } else {
            insert(slot);
        }
    }

    private void leave(int slot) {
        pinnedBlocks -= states[slot] == PINNED ? blocks[slot] : 0;
        states[slot] = HELD;
        resting--;
        restingPages -= pages[slot];
        restingBlocks -= blocks[slot];
        delete(slot);
    }

    // ---- the table ---------------------------------------------------------------------------------------------

    /** The beginning of a SHA-256 is as good as any hash of it. */
    private int bucketOf(long prefix) {
        return (int) prefix & (buckets.length - 1);
    }

    private int next(int bucket) {
        return (bucket + 1) & (buckets.length - 1);
    }

    private int find(long prefix) {
        for (int bucket = bucketOf(prefix); buckets[bucket] != 0; bucket = next(bucket)) {
            if (prefixes[buckets[bucket] - 1] == prefix) {
                return buckets[bucket] - 1;
            }
        }
        return NONE;
    }

    private void insert(int slot) {
        int bucket = bucketOf(prefixes[slot]);
        while (buckets[bucket] != 0) {
            bucket = next(bucket);
        }
        buckets[bucket] = slot + 1;
    }

    /** Takes {@code slot} out, and moves up what would not be found any more behind the gap. */
    private void delete(int slot) {
        int gap = bucketOf(prefixes[slot]);
        while (buckets[gap] != slot + 1) {
            gap = next(gap);
        }
        buckets[gap] = 0;
        for (int bucket = next(gap); buckets[bucket] != 0; bucket = next(bucket)) {
            int home = bucketOf(prefixes[buckets[bucket] - 1]);
            boolean reachable = gap <= bucket ? gap < home && home <= bucket : gap < home || home <= bucket;
            if (!reachable) {
                buckets[gap] = buckets[bucket];
                buckets[bucket] = 0;
                gap = bucket;
            }
        }
    }

    /** A table of at least twice as many buckets as slots that rest. */
    private void rehash(int slots) {
        buckets = new int[Math.max(4 * FIRST_SLOTS, Integer.highestOneBit(slots) * 4)];
        for (int slot = 0; slot < count; slot++) {
            if (rests(slot)) {
                insert(slot);
            }
        }
    }

    private void grow(int slots) {
        states = Arrays.copyOf(states, slots);
        prefixes = Arrays.copyOf(prefixes, slots);
        pages = Arrays.copyOf(pages, slots);
        lastUses = Arrays.copyOf(lastUses, slots);
        blocks = Arrays.copyOf(blocks, slots);
    }

    private void pushFree(int slot) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, free.length + free.length / 4);
        }
        free[freeCount++] = slot;
    }
}
