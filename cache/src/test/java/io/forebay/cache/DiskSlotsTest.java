package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DiskSlotsTest {
    private static final long PAGE = Bytes.PAGE;

    private final DiskSlots slots = new DiskSlots();

    @Test
    void whatRestsIsFoundByItsKeyAndGivenUpUnusedFirst() {
        int first = slots.take();
        int second = slots.take();
        slots.rest(first, 1, 10, 5, 10 * PAGE, false);
        slots.rest(second, 2, 20, 5, 20 * PAGE, false);
        assertThat(slots.resting()).isEqualTo(2);
        assertThat(slots.restingPages()).isEqualTo(30);

        assertThat(slots.takeResting(1)).isEqualTo(first);
        assertThat(slots.takeResting(1)).isEqualTo(DiskSlots.NONE);
        slots.rest(first, 1, 10, 6, 10 * PAGE, false);

        assertThat(slots.giveUpNext(1_000_000)).isEqualTo(second);
        assertThat(slots.giveUpNext(1_000_000)).isEqualTo(first);
        assertThat(slots.giveUpNext(1_000_000)).isEqualTo(DiskSlots.NONE);
        assertThat(slots.restingPages()).isZero();
    }

    @Test
    void slotsFoundOnDiskAreInTheOrderOfTheirLastUse() {
        slots.addResting(7, 1, 300, PAGE, false);
        slots.addFree();
        slots.addResting(8, 1, 100, PAGE, false);
        slots.addResting(9, 1, 200, PAGE, false);
        slots.order();

        assertThat(List.of(slots.giveUpNext(1_000_000), slots.giveUpNext(1_000_000), slots.giveUpNext(1_000_000)))
                .containsExactly(2, 3, 0);
        assertThat(slots.take()).as("free slots first").isEqualTo(1);
        assertThat(slots.take()).isEqualTo(4);
    }

    @Test
    void whatIsPinnedIsFoundAndCountedAndNeverGivenUp() {
        int pinned = slots.take();
        int other = slots.take();
        slots.addResting(3, 1, 5, PAGE, true);
        slots.order();
        slots.rest(other, 2, 1, 5, PAGE, false);
        slots.rest(pinned, 1, 1, 5, PAGE, true);

        assertThat(slots.resting()).isEqualTo(3);
        assertThat(slots.pinnedBytes()).isEqualTo(2 * PAGE);
        assertThat(slots.giveUp(pinned, 1)).isFalse();
        assertThat(slots.giveUpUnusedSince(1_000, 0, 1_000)).isEqualTo(other);
        assertThat(slots.giveUpNext(1_000_000)).isEqualTo(DiskSlots.NONE);
        assertThat(slots.takeResting(1)).isEqualTo(pinned);
        assertThat(slots.pinnedBytes()).isEqualTo(PAGE);

        slots.rest(pinned, 1, 1, 6, PAGE, true);
        assertThat(slots.takePinned(pinned, 1)).isTrue();
        slots.rest(pinned, 1, 1, 6, PAGE, false);
        assertThat(slots.takePinned(pinned, 1)).isFalse();
        assertThat(slots.giveUpNext(1_000_000)).isEqualTo(pinned);
    }

    @Test
    void aSlotThatIsSweptIsNotTakenMeanwhile() {
        int slot = slots.take();
        assertThat(slots.beginSweep(slot)).as("it is in use").isFalse();
        slots.giveBack(slot);
        assertThat(slots.beginSweep(slot)).isTrue();
        assertThat(slots.take()).isNotEqualTo(slot);
        slots.endSweep();
        assertThat(slots.take()).isEqualTo(slot);

        int beyond = slots.count();
        assertThat(slots.beginSweep(beyond)).isTrue();
        assertThat(slots.take()).isNotEqualTo(beyond);
        slots.endSweep();
        assertThat(slots.take()).isEqualTo(beyond);
    }

    /** Few keys, many of them with the same beginning and in neighbouring buckets, against a plain map. */
    @RepeatedTest(20)
    void behavesLikeAMap(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<Integer, Long> resting = new LinkedHashMap<>();
        Set<Integer> held = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    int slot = slots.take();
                    assertThat(held.add(slot) && !resting.containsKey(slot)).isTrue();
                }
                case 2 -> {
                    for (int slot : new ArrayList<>(held).subList(0, held.size() / 2)) {
                        long prefix = 250L + random.nextInt(1_000);
                        slots.rest(slot, prefix, 1, step, PAGE, false);
                        held.remove(slot);
                        resting.put(slot, prefix);
                    }
                }
                case 3 -> {
                    long prefix = 250L + random.nextInt(1_000);
                    int slot = slots.takeResting(prefix);
                    if (slot == DiskSlots.NONE) {
                        assertThat(resting).doesNotContainValue(prefix);
                    } else {
                        assertThat(resting.remove(slot)).isEqualTo(prefix);
                        slots.giveBack(slot);
                    }
                }
                default -> {
                    int given = slots.giveUpNext(1_000_000);
                    if (resting.isEmpty()) {
                        assertThat(given).isEqualTo(DiskSlots.NONE);
                    } else {
                        assertThat(resting.remove(given)).isNotNull();
                        slots.giveBack(given);
                    }
                }
            }
            assertThat(slots.resting()).isEqualTo(resting.size());
        }
        resting.forEach((slot, prefix) -> assertThat(slots.isResting(prefix)).isTrue());
    }
}
