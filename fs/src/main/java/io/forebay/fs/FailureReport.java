package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever a request threw into the {@link Errno} to answer, and leaves a trace of it: what nobody foresaw is
 * logged with its stack and counted, what an operator may act on is logged, the rest is everyday life.
 */
public final class FailureReport {
    private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);

    private final Metrics metrics;

    public FailureReport(Metrics metrics) {
        this.metrics = metrics;
    }

    /**
     * The errno for {@code failure}. Never throws, so that a door may answer every request with it.
     *
     * @param request what was asked for, for the log: {@code "lookup"}
     */
    public Errno errnoOf(String request, Throwable failure) {
        return failure instanceof ForebayException known ? known(request, known) : unforeseen(request, failure);
    }

    private Errno known(String request, ForebayException failure) {
        switch (failure) {
            case ForebayException.Unexpected _ -> {
                return unforeseen(request, failure);
            }
            case ForebayException.Unavailable _, ForebayException.Corrupt _, ForebayException.NoSpace _ ->
                LOG.warn("request failed request={} reason={}", request, failure.getMessage());
            default -> LOG.debug("request refused request={} reason={}", request, failure.getMessage());
        }
        return Errno.of(failure);
    }

    private Errno unforeseen(String request, Throwable failure) {
        metrics.increment(Metric.UNEXPECTED_ERRORS);
        LOG.error("unexpected failure request={}", request, failure);
        return Errno.EIO;
    }
}
