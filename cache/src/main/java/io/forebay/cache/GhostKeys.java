package io.forebay.cache;

import java.util.Arrays;

/**
 * The keys of what was given up last, so that what comes back soon is known to have been worth more. A queue without
 * doubles, in 12 bytes a key and no object; the oldest makes way. Keys are numbers that spread evenly, such as parts of a
 * hash: two versions with one key are taken for each other, which costs a worse choice and nothing else.
 *
 * <p>Not safe for use by many threads.
 */
final class GhostKeys {
    private static final int FIRST_KEYS = 64;

    /** The keys in the order in which they came, from {@link #first} on; 0 is one that was taken out again. */
    private int[] ring = new int[FIRST_KEYS];

    private int first;
    private int length;
    private int keys;
    /** Where in the ring a key is, and one more; 0 for nothing. */
    private int[] buckets = new int[2 * FIRST_KEYS];

    /** How many there are. */
    int size() {
        return keys;
    }

    /** Remembers {@code key} as the newest, and forgets the oldest of more than {@code most}. */
    void add(int key, int most) {
        remove(key);
        while (length > 0 && keys >= Math.max(1, most)) {
            forgetFirst();
        }
        if (length == ring.length) {
            makeRoom();
        }
        int at = (first + length++) & (ring.length - 1);
        ring[at] = real(key);
        insert(at);
        keys++;
    }

    /** Takes {@code key} out; false if it was not there. */
    boolean remove(int key) {
        int bucket = find(real(key));
        if (buckets[bucket] == 0) {
            return false;
        }
        ring[buckets[bucket] - 1] = 0;
        empty(bucket);
        keys--;
        return true;
    }

    private void forgetFirst() {
        int key = ring[first];
        if (key != 0) {
            remove(key);
        }
        first = (first + 1) & (ring.length - 1);
        length--;
    }

    /** Leaves out what was taken out, in a ring of twice the size if there is not much of that. */
    private void makeRoom() {
        int[] old = ring;
        int oldFirst = first;
        ring = new int[keys > old.length / 2 ? 2 * old.length : old.length];
        buckets = ring.length == old.length ? buckets : new int[2 * ring.length];
        Arrays.fill(buckets, 0);
        first = 0;
        length = 0;
        for (int i = 0; i < old.length; i++) {
            int key = old[(oldFirst + i) & (old.length - 1)];
            if (key != 0) {
                ring[length] = key;
                insert(length++);
            }
        }
    }

    /** Zero stands for nothing. */
    private static int real(int key) {
        return key == 0 ? 1 : key;
    }

    private int home(int key) {
        return (key ^ key >>> 16) & (buckets.length - 1);
    }

    private int next(int bucket) {
        return (bucket + 1) & (buckets.length - 1);
    }

    /** The bucket that has {@code key}, or the free one where it would be. */
    private int find(int key) {
        int bucket = home(key);
        while (buckets[bucket] != 0 && ring[buckets[bucket] - 1] != key) {
            bucket = next(bucket);
        }
        return bucket;
    }

    private void insert(int at) {
        buckets[find(ring[at])] = at + 1;
    }

    /** Moves up what would not be found any more behind the gap. The keys in the ring are still what they were. */
    private void empty(int freed) {
        int gap = freed;
        buckets[gap] = 0;
        for (int bucket = next(gap); buckets[bucket] != 0; bucket = next(bucket)) {
            int home = home(ring[buckets[bucket] - 1]);
            boolean reachable = gap <= bucket ? gap < home && home <= bucket : gap < home || home <= bucket;
            if (!reachable) {
                buckets[gap] = buckets[bucket];
                buckets[bucket] = 0;
                gap = bucket;
            }
        }
    }
}
