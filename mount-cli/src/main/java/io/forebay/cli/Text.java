package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.cli.control.ControlClient;
import io.forebay.fs.SteeringProgress;
import java.io.PrintStream;
import java.util.Locale;

/** How commands write numbers, durations and failures. */
final class Text {
    private Text() {}

    static String files(long count) {
        return count == 1 ? "1 file" : count + " files";
    }

    /** A label, and what it is about. */
    static void line(PrintStream out, String label, String value) {
        out.println(String.format(Locale.ROOT, "%-20s %s", label, value));
    }

    static String rate(double bytesPerSecond) {
        return new ByteSize(Math.round(bytesPerSecond)) + "/s";
    }

    static String seconds(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3_600
                ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d h", whole / 3_600, whole / 60 % 60);
    }

    /** A string of JSON, with its quotes. */
    static String json(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '"', '\\' -> quoted.append('\\').append(character);
                default -> {
                    if (character < 0x20) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
                    } else {
                        quoted.append(character);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** @return whether there were none */
    static boolean reportFailures(PrintStream err, SteeredMounts.Named named, ControlClient.Outcome outcome) {
        for (SteeringProgress.Failure failure : outcome.failures()) {
            err.println("forebay: " + named.shown(failure.path()) + ": " + failure.reason());
        }
        long more = outcome.state().failedFiles() - outcome.failures().size();
        if (more > 0) {
            err.println("forebay: and " + more + " more");
        }
        if (outcome.refusal() != null) {
            err.println("forebay: " + outcome.refusal());
        }
        return outcome.failures().isEmpty() && outcome.refusal() == null;
    }
}
