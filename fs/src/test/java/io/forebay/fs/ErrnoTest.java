package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ErrnoTest {
    private static final Map<Class<? extends ForebayException>, Integer> NUMBERS = Map.ofEntries(
            Map.entry(ForebayException.NotFound.class, 2),
            Map.entry(ForebayException.AlreadyExists.class, 17),
            Map.entry(ForebayException.Changed.class, 116),
            Map.entry(ForebayException.Denied.class, 13),
            Map.entry(ForebayException.Unavailable.class, 5),
            Map.entry(ForebayException.Corrupt.class, 5),
            Map.entry(ForebayException.NotADirectory.class, 20),
            Map.entry(ForebayException.IsADirectory.class, 21),
            Map.entry(ForebayException.NotEmpty.class, 39),
            Map.entry(ForebayException.NameTooLong.class, 36),
            Map.entry(ForebayException.InvalidArgument.class, 22),
            Map.entry(ForebayException.ReadOnly.class, 30),
            Map.entry(ForebayException.NoSpace.class, 28),
            Map.entry(ForebayException.TooLarge.class, 27),
            Map.entry(ForebayException.Unsupported.class, 95),
            Map.entry(ForebayException.BadHandle.class, 9),
            Map.entry(ForebayException.Interrupted.class, 4),
            Map.entry(ForebayException.Unexpected.class, 5));

    @Test
    void each_kind_of_failure_has_its_number() throws ReflectiveOperationException {
        assertThat(NUMBERS.keySet())
                .as("the table covers the whole family")
                .containsExactlyInAnyOrderElementsOf(kinds());
        for (Class<? extends ForebayException> kind : kinds()) {
            assertThat(Errno.of(failureOf(kind)).number())
                    .as(kind.getSimpleName())
                    .isEqualTo(NUMBERS.get(kind));
        }
    }

    @Test
    void what_nobody_foresaw_is_an_io_error_and_counted() {
        Metrics metrics = new Metrics();
        FailureReport report = new FailureReport(metrics);

        assertThat(report.errnoOf("read", new IllegalStateException("a bug"))).isEqualTo(Errno.EIO);
        assertThat(report.errnoOf("read", new ForebayException.Unexpected("a surprise", null)))
                .isEqualTo(Errno.EIO);
        assertThat(metrics.value(Metric.UNEXPECTED_ERRORS)).isEqualTo(2);
    }

    @Test
    void everyday_failures_are_not_counted() {
        Metrics metrics = new Metrics();
        FailureReport report = new FailureReport(metrics);

        assertThat(report.errnoOf("lookup", new ForebayException.NotFound("no such name")))
                .isEqualTo(Errno.ENOENT);
        assertThat(report.errnoOf("read", new ForebayException.Unavailable("the store is busy")))
                .isEqualTo(Errno.EIO);
        assertThat(metrics.value(Metric.UNEXPECTED_ERRORS)).isZero();
    }

    private static Iterable<Class<? extends ForebayException>> kinds() {
        return Arrays.stream(ForebayException.class.getPermittedSubclasses())
                .<Class<? extends ForebayException>>map(kind -> kind.asSubclass(ForebayException.class))
                .toList();
    }

    private static ForebayException failureOf(Class<? extends ForebayException> kind)
            throws ReflectiveOperationException {
        return kind == ForebayException.Unexpected.class
                ? new ForebayException.Unexpected("a failure", null)
                : kind.getConstructor(String.class).newInstance("a failure");
    }
}
