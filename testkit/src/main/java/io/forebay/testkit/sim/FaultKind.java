package io.forebay.testkit.sim;

import java.util.Locale;

/** What goes wrong with a request. */
public enum FaultKind {
    /** HTTP 500, InternalError; nothing was done. */
    STATUS_500,
    /** HTTP 503, ServerBusy; nothing was done. */
    STATUS_503,
    /** HTTP 429; nothing was done. */
    STATUS_429,
    /** The connection is reset before the answer; nothing was done. */
    RESET,
    /** The request is done, and the connection is reset before the answer. */
    LOST_ANSWER,
    /** The connection is reset within the body of the answer. */
    RESET_IN_BODY,
    /** The body of the answer ends early, without a reset, behind a Content-Length that is right. */
    TRUNCATE,
    /** Nothing comes for some time, before the answer or within its body; then all goes on. */
    SILENCE,
    /** One byte of the body of the answer is another. */
    WRONG_BYTES;

    /** In lower case, with hyphens. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static FaultKind of(String label) {
        for (FaultKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no fault '" + label + "'");
    }

    /** The status that it answers with, or 0 if it is no answer. */
    int status() {
        return switch (this) {
            case STATUS_500 -> 500;
            case STATUS_503 -> 503;
            case STATUS_429 -> 429;
            default -> 0;
        };
    }
}
