package io.forebay.fs.jnrfuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.fs.Errno;
import io.forebay.fs.FailureReport;
import org.junit.jupiter.api.Test;

final class AnswerTest {
    private final Metrics metrics = new Metrics();
    private final Answer answer = new Answer(new FailureReport(metrics));

    @Test
    void success_is_what_the_request_says() {
        assertThat(answer.to("read", () -> 4096)).isEqualTo(4096);
    }

    @Test
    void a_failure_is_its_errno_below_zero() {
        int missing = answer.to("getattr", () -> {
            throw new ForebayException.NotFound("none");
        });

        assertThat(missing).isEqualTo(-Errno.ENOENT.number());
        assertThat(metrics.value(Metric.UNEXPECTED_ERRORS)).isZero();
    }

    @Test
    void nothing_unwinds_into_native_code() {
        int bug = answer.to("write", () -> {
            throw new IllegalStateException("a bug");
        });
        int worse = answer.to("write", () -> {
            throw new StackOverflowError();
        });

        assertThat(bug).isEqualTo(-Errno.EIO.number());
        assertThat(worse).isEqualTo(-Errno.EIO.number());
        assertThat(metrics.value(Metric.UNEXPECTED_ERRORS)).isEqualTo(2);
    }
}
