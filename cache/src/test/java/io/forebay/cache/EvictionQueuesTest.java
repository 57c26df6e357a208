package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvictionQueuesTest {
    private static final int SLOTS = 300;
    private static final int ALL_STEPS = Integer.MAX_VALUE;

    /** S3-FIFO as one would write it down, with objects. */
    private static final class Reference {
        private final Deque<Integer> small = new ArrayDeque<>();
        private final Deque<Integer> main = new ArrayDeque<>();
        private final Set<Integer> ghosts = new LinkedHashSet<>();
        private final int[] weights = new int[SLOTS];
        private final int[] uses = new int[SLOTS];
        private final int[] keys = new int[SLOTS];

        void add(int slot, int key, int weight) {
            weights[slot] = weight;
            uses[slot] = 0;
            keys[slot] = key;
            (ghosts.remove(key) ? main : small).addLast(slot);
        }

        void used(int slot) {
            uses[slot] = Math.min(3, uses[slot] + 1);
        }

        void remove(Integer slot) {
            small.remove(slot);
            main.remove(slot);
        }

        int size() {
            return small.size() + main.size();
        }

        long weight() {
            return weight(small) + weight(main);
        }

        private long weight(Deque<Integer> queue) {
            return queue.stream().mapToLong(slot -> weights[slot]).sum();
        }

        int next(Set<Integer> held) {
            int steps = 0;
            int inMain = 0;
            while (size() > 0 && steps++ <= 10 * size()) {
                boolean smallsTurn = 10 * weight(small) >= weight() || inMain > 5 * main.size();
                if (main.isEmpty() || (!small.isEmpty() && smallsTurn)) {
                    int slot = small.removeFirst();
                    if (uses[slot] > 0 || held.contains(slot)) {
                        uses[slot] = 0;
                        main.addLast(slot);
                    } else {
                        remember(keys[slot], size());
                        return slot;
                    }
                } else {
                    inMain++;
                    int slot = main.removeFirst();
                    if (uses[slot] == 0 && !held.contains(slot)) {
                        return slot;
                    }
                    uses[slot] = Math.max(0, uses[slot] - 1);
                    main.addLast(slot);
                }
            }
            return EvictionQueues.NONE;
        }

        private void remember(int key, int most) {
            ghosts.remove(key);
            while (!ghosts.isEmpty() && ghosts.size() >= Math.max(1, most)) {
                ghosts.remove(ghosts.iterator().next());
            }
            ghosts.add(key);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void choosesAsTheReferenceDoes(long seed) {
        Random random = new Random(seed);
        EvictionQueues queues = new EvictionQueues();
        Reference reference = new Reference();
        List<Integer> inside = new ArrayList<>();
        Deque<Integer> outside = new ArrayDeque<>();
        Set<Integer> held = new HashSet<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            outside.add(slot);
        }
        for (int step = 0; step < 20_000; step++) {
            int what = random.nextInt(100);
            if (what < 40 && !outside.isEmpty()) {
                int slot = outside.removeFirst();
                int key = random.nextInt(1_000) + 1;
                int weight = random.nextInt(20);
                queues.add(slot, key, weight);
                reference.add(slot, key, weight);
                inside.add(slot);
            } else if (what < 60 && !inside.isEmpty()) {
                int slot = inside.get(random.nextInt(inside.size()));
                queues.used(slot);
                reference.used(slot);
            } else if (what < 65 && !inside.isEmpty()) {
                Integer slot = inside.get(random.nextInt(inside.size()));
                inside.remove(Integer.valueOf(slot));
                queues.remove(slot);
                reference.remove(slot);
                outside.addLast(slot);
            } else if (what < 70 && !inside.isEmpty()) {
                int slot = inside.get(random.nextInt(inside.size()));
                int weight = random.nextInt(20);
                queues.weigh(slot, weight);
                reference.weights[slot] = weight;
            } else if (what < 75 && !inside.isEmpty()) {
                Integer slot = inside.get(random.nextInt(inside.size()));
                if (!held.remove(slot)) {
                    held.add(slot);
                }
            } else {
                int expected = reference.next(held);
                int given = queues.next(slot -> !held.contains(slot), slot -> reference.keys[slot], ALL_STEPS);
                assertThat(given).as("step %d", step).isEqualTo(expected);
                if (given != EvictionQueues.NONE) {
                    inside.remove(Integer.valueOf(given));
                    outside.addLast(given);
                }
            }
            assertThat(queues.size()).isEqualTo(reference.size());
            assertThat(queues.weight()).isEqualTo(reference.weight());
            assertThat(queues.remembered()).isEqualTo(reference.ghosts.size());
        }
    }

    @Test
    void whatIsReadOnceLeavesWhatIsReadOftenAlone() {
        Trace s3 = new Trace(1_000);
        LinkedHashMap<Integer, Boolean> lru = new LinkedHashMap<>(16, 0.75f, true);
        int lruHits = 0;
        int s3Hits = 0;
        int hotReads = 0;
        Random random = new Random(7);
        int scanned = 1_000_000;
        for (int round = 0; round < 200_000; round++) {
            boolean hot = random.nextInt(10) < 3;
            int name = hot ? random.nextInt(800) : scanned++;
            boolean s3Hit = s3.read(name);
            boolean lruHit = lru.put(name, true) != null;
            if (lru.size() > 1_000) {
                lru.remove(lru.keySet().iterator().next());
            }
            if (hot && round > 20_000) {
                hotReads++;
                s3Hits += s3Hit ? 1 : 0;
                lruHits += lruHit ? 1 : 0;
            }
        }
        assertThat((double) s3Hits / hotReads).as("of what is read often").isGreaterThan(0.95);
        assertThat((double) lruHits / hotReads)
                .as("where least recent use decides")
                .isLessThan(0.5);
    }

    /** A cache of that many files of one weight. */
    private static final class Trace {
        private final EvictionQueues queues = new EvictionQueues();
        private final Map<Integer, Integer> slots = new HashMap<>();
        private final int[] names;
        private final Deque<Integer> free = new ArrayDeque<>();

        Trace(int capacity) {
            names = new int[capacity];
            for (int slot = 0; slot < capacity; slot++) {
                free.add(slot);
            }
        }

        boolean read(int name) {
            Integer slot = slots.get(name);
            if (slot != null) {
                queues.used(slot);
                return true;
            }
            if (free.isEmpty()) {
                int victim = queues.next(_ -> true, candidate -> names[candidate], ALL_STEPS);
                slots.remove(names[victim]);
                free.add(victim);
            }
            int taken = free.removeFirst();
            slots.put(name, taken);
            names[taken] = name;
            queues.add(taken, name, 1);
            return false;
        }
    }

    @Test
    void inSoManyStepsAndNotMore() {
        EvictionQueues queues = new EvictionQueues();
        for (int slot = 0; slot < 1_000; slot++) {
            queues.add(slot, slot + 1, 1);
        }
        int asked = 0;
        int given;
        do {
            given = queues.next(slot -> slot == 999, slot -> slot + 1, 100);
            asked++;
        } while (given == EvictionQueues.LATER);

        assertThat(given).isEqualTo(999);
        assertThat(asked).isGreaterThanOrEqualTo(9);
    }

    @Test
    void whereNothingMayGoItSaysSoInTheEnd() {
        EvictionQueues queues = new EvictionQueues();
        for (int slot = 0; slot < 100; slot++) {
            queues.add(slot, slot + 1, 1);
            queues.used(slot);
        }

        assertThat(queues.next(_ -> false, slot -> slot + 1, ALL_STEPS)).isEqualTo(EvictionQueues.NONE);
        assertThat(queues.size()).isEqualTo(100);
    }

    @Test
    void whatWasThereBeforeIsGivenUpInItsOrderBehindWhatIsNewAndUnused() {
        EvictionQueues queues = new EvictionQueues();
        for (int slot = 0; slot < 10; slot++) {
            queues.addOld(slot, 1);
        }
        queues.add(10, 11, 5);

        assertThat(queues.next(_ -> true, slot -> slot + 1, ALL_STEPS)).isEqualTo(10);
        assertThat(queues.next(_ -> true, slot -> slot + 1, ALL_STEPS)).isZero();
        assertThat(queues.next(_ -> true, slot -> slot + 1, ALL_STEPS)).isEqualTo(1);
    }
}
