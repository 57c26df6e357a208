package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.time.Clock;
import io.forebay.fs.SteeringProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Shows how far work is: a bar in one line of a terminal, or else a line every few seconds. */
final class ProgressDisplay implements AutoCloseable {
    private static final int BAR_WIDTH = 20;
    private static final String TO_LINE_START = "\r";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final long BETWEEN_LINES_NANOS = Duration.ofSeconds(5).toNanos();
    /** The rate is that of the last seconds, so that it follows what happens and still can be read. */
    private static final long RATE_WINDOW_NANOS = Duration.ofSeconds(5).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long lastLineNanos;

    private record Sample(long nanos, long doneBytes) {}

    ProgressDisplay(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.lastLineNanos = clock.nanoTime();
        samples.add(new Sample(lastLineNanos, 0));
    }

    void show(SteeringProgress.State state) {
        long now = clock.nanoTime();
        samples.add(new Sample(now, state.doneBytes()));
        while (samples.size() > 2 && now - samples.getFirst().nanos > RATE_WINDOW_NANOS) {
            samples.removeFirst();
        }
        if (terminal) {
            out.print(TO_LINE_START + bar(state) + describe(state) + CLEAR_LINE);
            out.flush();
        } else if (now - lastLineNanos >= BETWEEN_LINES_NANOS) {
            lastLineNanos = now;
            out.println(describe(state));
        }
    }

    private static String bar(SteeringProgress.State state) {
        int filled = (int) (BAR_WIDTH * share(state));
        return "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] ";
    }

    private String describe(SteeringProgress.State state) {
        long here = state.presentBytes() + state.doneBytes();
        double rate = bytesPerSecond();
        String left =
                state.foundAll() && rate >= 1 ? ", " + Text.seconds((state.foundBytes() - here) / rate) + " left" : "";
        return (int) (100 * share(state)) + "%  " + new ByteSize(here) + " of " + new ByteSize(state.foundBytes())
                + (state.foundAll() ? "" : " so far") + "  " + Text.rate(rate) + left + "  "
                + (state.presentFiles() + state.doneFiles()) + " of " + Text.files(state.foundFiles())
                + (state.failedFiles() == 0 ? "" : ", " + state.failedFiles() + " failed");
    }

    private static double share(SteeringProgress.State state) {
        long here = state.presentBytes() + state.doneBytes();
        return state.foundBytes() == 0 ? 0 : Math.clamp((double) here / state.foundBytes(), 0.0, 1.0);
    }

    private double bytesPerSecond() {
        long nanos = samples.getLast().nanos - samples.getFirst().nanos;
        return nanos <= 0 ? 0 : Math.max(0, samples.getLast().doneBytes - samples.getFirst().doneBytes) * 1e9 / nanos;
    }

    /** Leaves the line of a terminal as it was. */
    @Override
    public void close() {
        if (terminal) {
            out.print(TO_LINE_START + CLEAR_LINE);
            out.flush();
        }
    }
}
