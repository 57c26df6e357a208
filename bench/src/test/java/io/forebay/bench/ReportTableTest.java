package io.forebay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the table says of what was measured. */
class ReportTableTest {
    private static final String HEAD =
            "| what | Forebay | yardstick | ratio | goal | holds |\n|---|---|---|---|---|---|\n";

    @Test
    void comparesWithinEachRound() {
        // The machine was twice as fast in the last round: that says nothing about either.
        Line line = new Line.Compared(
                "reads",
                Unit.GIGABYTES_PER_SECOND,
                new Sample(List.of(3.0, 2.0, 6.0)),
                new Sample(List.of(4.0, 4.0, 8.0)),
                Goal.atLeast(0.75));
        assertThat(ReportTable.of(List.of(line)))
                .isEqualTo(
                        HEAD
                                + "| reads | 3.00 (2.00–6.00) GB/s | 4.00 (4.00–8.00) GB/s | 0.75 (0.50–0.75) | ≥ 0.75 | yes |\n");
    }

    @Test
    void saysWhatDoesNotHold() {
        Line slow = new Line.Absolute("start", Unit.SECONDS, new Sample(List.of(0.4, 0.6)), Goal.atMost(0.49));
        Line missing = new Line.Missing("stat", "no\ncompiler");
        assertThat(ReportTable.of(List.of(slow, missing)))
                .isEqualTo(HEAD
                        + "| start | 0.50 (0.40–0.60) s |  |  | ≤ 0.49 s | **no** |\n"
                        + "| stat | not measured: no compiler |  |  |  |  |\n");
    }

    @Test
    void goalsIncludeTheirBound() {
        assertThat(Goal.atLeast(0.9).isMetBy(0.9)).isTrue();
        assertThat(Goal.atLeast(0.9).isMetBy(0.89)).isFalse();
        assertThat(Goal.atMost(2).isMetBy(2)).isTrue();
        assertThat(Goal.atMost(2).isMetBy(2.01)).isFalse();
    }

    @Test
    void aSampleIsNotEmptyAndOfAsManyRounds() {
        assertThatThrownBy(() -> new Sample(List.of())).isInstanceOf(IllegalArgumentException.class);
        Sample one = new Sample(List.of(1.0));
        assertThatThrownBy(() -> one.dividedBy(new Sample(List.of(1.0, 2.0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void roundsAlternateAndTheFirstIsThrownAway() throws Exception {
        List<String> order = new ArrayList<>();
        Iterator<Double> ours = List.of(100.0, 1.0, 2.0).iterator();
        Rounds<Double> rounds = Rounds.of(
                2,
                () -> {
                    order.add("ours");
                    return ours.next();
                },
                () -> {
                    order.add("theirs");
                    return 4.0;
                });
        assertThat(order).containsExactly("ours", "theirs", "theirs", "ours", "ours", "theirs");
        Line.Compared line = (Line.Compared) rounds.line("x", Unit.RATIO, Goal.atLeast(0), value -> value);
        assertThat(line.ratios().values()).containsExactly(0.25, 0.5);
    }

    @Test
    void whatBreaksDoesNotTakeTheOthersWithIt() throws Exception {
        List<String> order = new ArrayList<>();
        Iterator<Double> ours = List.of(4.0, 8.0).iterator();
        Rounds<Double> rounds = Rounds.fromNothing(
                2,
                () -> {
                    order.add("ours");
                    return ours.next();
                },
                List.of(
                        new Rounds.Other<>("broken", () -> {
                            order.add("broken");
                            throw new IOException("no\nway");
                        }),
                        new Rounds.Other<>("well", () -> {
                            order.add("well");
                            return 2.0;
                        })));
        // Who comes first changes, no round is for nothing, and what broke is not tried again.
        assertThat(order).containsExactly("ours", "broken", "well", "well", "ours");
        assertThat(ReportTable.of(List.of(
                        rounds.alone("x", Unit.PER_SECOND, Goal.NONE, value -> value),
                        rounds.against("broken", "x", Unit.PER_SECOND, Goal.atLeast(2), value -> value),
                        rounds.against("well", "x", Unit.PER_SECOND, Goal.atLeast(3), value -> value))))
                .isEqualTo(HEAD
                        + "| x | 6 (4–8) /s |  |  |  |  |\n"
                        + "| x, against broken | not measured: no way |  |  |  |  |\n"
                        + "| x, against well | 6 (4–8) /s | 2 (2–2) /s | 3.00 (2.00–4.00) | ≥ 3.00 | yes |\n");
    }

    @Test
    void aBrokenForebayIsAFailure() {
        assertThatThrownBy(() -> Rounds.fromNothing(
                        1,
                        () -> {
                            throw new IOException("gone");
                        },
                        List.of()))
                .hasMessage("gone");
    }
}
