package io.forebay.cli.doctor;

import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param subject what
 * @param state how good it is
 * @param here what there is
 * @param remedy what is lost and how to get it; nothing where all is well
 */
public record Finding(String subject, State state, String here, Optional<Remedy> remedy) {
    /** How good it is. */
    public enum State {
        /** Nothing is lost. */
        GOOD,
        /** A mount is possible, and something is lost. */
        LESS,
        /** No mount is possible. */
        BARS
    }

    /**
     * What to do.
     *
     * @param without what is lost
     * @param get how to get it
     */
    public record Remedy(String without, String get) {}

    static Finding good(String subject, String here) {
        return new Finding(subject, State.GOOD, here, Optional.empty());
    }

    static Finding less(String subject, String here, String without, String get) {
        return new Finding(subject, State.LESS, here, Optional.of(new Remedy(without, get)));
    }

    static Finding bars(String subject, String here) {
        return new Finding(subject, State.BARS, here, Optional.empty());
    }
}
