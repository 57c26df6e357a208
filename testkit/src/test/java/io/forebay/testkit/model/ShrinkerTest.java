package io.forebay.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShrinkerTest {
    @Test
    void only_the_operations_that_matter_are_left() {
        List<Integer> failing = IntStream.range(0, 200).boxed().toList();

        List<Integer> shortest = new Shrinker(10_000).shrink(failing, list -> list.containsAll(List.of(3, 77, 199)));

        assertThat(shortest).containsExactly(3, 77, 199);
    }

    @Test
    void a_single_operation_that_fails_is_left_alone() {
        assertThat(new Shrinker(100).shrink(List.of(1), list -> true)).containsExactly(1);
    }

    @Test
    void it_gives_up_when_the_trials_are_used_up_with_a_list_that_still_fails() {
        List<Integer> failing = IntStream.range(0, 1_000).boxed().toList();

        List<Integer> shorter = new Shrinker(5).shrink(failing, list -> list.contains(500));

        assertThat(shorter).contains(500);
    }

    @Test
    void a_failure_is_reported_with_its_seed_and_the_shortest_list() {
        ModelCheck<Integer> check = new ModelCheck<>(random -> random.nextInt(100), operations -> {
            if (operations.stream().anyMatch(operation -> operation >= 90)) {
                throw new IllegalStateException("too large");
            }
        });

        assertThatThrownBy(() -> check.run(42, 500))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 42 fails; the shortest list that does has 1 operations")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_same_seed_draws_the_same_operations() {
        List<List<Integer>> seen = new java.util.ArrayList<>();
        ModelCheck<Integer> check = new ModelCheck<>(RandomGenerator::nextInt, seen::add);

        assertThatCode(() -> {
                    check.run(7, 50);
                    check.run(7, 50);
                })
                .doesNotThrowAnyException();

        assertThat(seen.get(0)).hasSize(50).isEqualTo(seen.get(1));
    }
}
