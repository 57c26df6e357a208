package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.fs.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the outcome of a request into the number that libfuse expects: zero or more, or a negative errno. */
final class Answer {
    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    /** A request; what it returns is what libfuse is told. */
    @FunctionalInterface
    interface Request {
        int run() throws ForebayException;
    }

    private final Metrics metrics;

    Answer(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Runs {@code request}; whatever it throws becomes an errno, since nothing may unwind into native code. */
    int to(String operation, Request request) {
        try {
            return request.run();
        } catch (ForebayException failure) {
            return failed(operation, failure);
        } catch (RuntimeException | Error unforeseen) {
            return failed(operation, new ForebayException.Unexpected("unforeseen failure", unforeseen));
        }
    }

    private int failed(String operation, ForebayException failure) {
        switch (failure) {
            case ForebayException.Unexpected unexpected -> {
                metrics.increment(Metric.UNEXPECTED_ERRORS);
                LOG.error("unexpected failure operation={}", operation, unexpected);
            }
            case ForebayException.Unavailable _,
                    ForebayException.Denied _,
                    ForebayException.Corrupt _,
                    ForebayException.Changed _,
                    ForebayException.NoSpace _ ->
                LOG.warn("request failed operation={} reason={}", operation, failure.getMessage());
            default -> LOG.debug("request refused operation={} reason={}", operation, failure.getMessage());
        }
        return -Errno.of(failure).number();
    }
}
