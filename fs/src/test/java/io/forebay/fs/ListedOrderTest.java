package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ListedOrderTest {
    private final ListedOrder order = new ListedOrder();

    private List<String> shown(String... keys) {
        List<String> shown = new ArrayList<>();
        for (String key : keys) {
            boolean folder = key.endsWith("/");
            String name = folder ? key.substring(0, key.length() - 1) : key;
            if (order.isNew(name, folder)) {
                shown.add(key);
            }
        }
        return shown;
    }

    @Test
    void a_folder_behind_a_blob_of_its_name_is_hidden_however_far_behind() {
        assertThat(shown("a", "a!", "a-b", "a-b-c", "a-b/", "a/", "b/", "c"))
                .containsExactly("a", "a!", "a-b", "a-b-c", "b/", "c");
    }

    @Test
    void what_came_before_under_the_former_prefix_does_not_come_again() {
        assertThat(shown("a", "b/", "c")).containsExactly("a", "b/", "c");
        order.skipWhatWasSeen();
        assertThat(shown("a", "b/", "c", "c/", "d")).containsExactly("d");
    }

    @Test
    void a_folder_on_two_pages_comes_once() {
        assertThat(shown("a/", "a/", "b")).containsExactly("a/", "b");
    }

    @Test
    void the_order_is_that_of_bytes() {
        List<String> names = List.of("", "a", "a!", "a/", "aa", "\u00e9", "\ud7ff", "\ue000", "\uffff", "\ud83d\ude00");
        for (String one : names) {
            for (String other : names) {
                assertThat(Integer.signum(ListedOrder.compare(one, other)))
                        .as("'%s' and '%s'", one, other)
                        .isEqualTo(Integer.signum(Arrays.compareUnsigned(
                                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8))));
            }
        }
    }

    @Test
    void random_names_come_once_each() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            TreeSet<String> keys = new TreeSet<>();
            for (int i = 0; i < 30; i++) {
                StringBuilder name = new StringBuilder();
                for (int letters = 1 + random.nextInt(4); letters > 0; letters--) {
                    name.append("a-0".charAt(random.nextInt(3)));
                }
                keys.add(random.nextBoolean() ? name + "/" : name.toString());
            }
            order.restart();
            List<String> shown = shown(keys.toArray(String[]::new));
            Set<String> names = new HashSet<>();
            for (String key : keys) {
                if (!key.endsWith("/") || !keys.contains(key.substring(0, key.length() - 1))) {
                    names.add(key);
                }
            }
            assertThat(shown).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(names);
        }
    }
}
