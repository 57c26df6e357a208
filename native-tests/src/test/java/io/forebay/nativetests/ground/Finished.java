package io.forebay.nativetests.ground;

import java.time.Duration;

/**
 * A command that has ended.
 *
 * @param command what was run
 * @param exit its exit code
 * @param stdout all that it printed
 * @param stderr all that it complained of
 * @param took how long it ran
 */
public record Finished(String command, int exit, String stdout, String stderr, Duration took) {
    /** Fails, with everything it printed, unless the exit code is 0. */
    public Finished orFail() {
        if (exit != 0) {
            throw new AssertionError("exit code " + exit + " of: " + command + "\nstdout: " + abridged(stdout)
                    + "\nstderr: " + abridged(stderr));
        }
        return this;
    }

    private static String abridged(String text) {
        int limit = 4_000;
        return text.length() <= limit ? text : text.substring(0, limit) + "… (" + text.length() + " characters)";
    }
}
