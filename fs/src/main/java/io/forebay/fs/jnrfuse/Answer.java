package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.FailureReport;

/** Turns the outcome of a request into the number that libfuse expects: zero or more, or a negative errno. */
final class Answer {
    /** A request; what it returns is what libfuse is told. */
    @FunctionalInterface
    interface Request {
        int run() throws ForebayException;
    }

    private final FailureReport failures;

    Answer(FailureReport failures) {
        this.failures = failures;
    }

    /** Runs {@code request}; whatever it throws becomes an errno, since nothing may unwind into native code. */
    int to(String operation, Request request) {
        try {
            return request.run();
        } catch (ForebayException | RuntimeException | Error failure) {
            return -failures.errnoOf(operation, failure).number();
        }
    }
}
