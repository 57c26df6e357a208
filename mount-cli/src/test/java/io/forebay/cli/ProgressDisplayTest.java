package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.fs.SteeringProgress;
import io.forebay.testkit.time.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final long MIB = 1 << 20;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ManualClock clock = new ManualClock();

    @Test
    void aTerminalHasOneLineWithBarRateAndTimeLeft() {
        try (ProgressDisplay display = display(true)) {
            clock.advance(Duration.ofSeconds(2));
            display.show(state(100, true, 30, 20));

            assertThat(text())
                    .isEqualTo("\r[##########..........] 50%  50MiB of 100MiB  10MiB/s, 5.0 s left  5 of 10 files"
                            + "\u001b[K");
        }
        assertThat(text()).endsWith("\r\u001b[K");
    }

    @Test
    void whileItIsListedNobodyKnowsHowLongItTakes() {
        try (ProgressDisplay display = display(true)) {
            clock.advance(Duration.ofSeconds(1));
            display.show(state(100, false, 0, 20));
        }
        assertThat(text()).contains("of 100MiB so far").doesNotContain("left");
    }

    @Test
    void withoutATerminalThereIsALineEveryFiveSeconds() {
        try (ProgressDisplay display = display(false)) {
            for (int tenths = 1; tenths <= 120; tenths++) {
                clock.advance(Duration.ofMillis(100));
                display.show(state(100, true, 0, tenths / 2));
            }
        }
        assertThat(text()).hasLineCount(2).doesNotContain("\r", "\u001b");
    }

    private ProgressDisplay display(boolean terminal) {
        return new ProgressDisplay(new PrintStream(out, true, StandardCharsets.UTF_8), terminal, clock);
    }

    private static SteeringProgress.State state(long foundMib, boolean all, long presentMib, long doneMib) {
        return new SteeringProgress.State(10, foundMib * MIB, all, 3, presentMib * MIB, 2, doneMib * MIB, 0);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
