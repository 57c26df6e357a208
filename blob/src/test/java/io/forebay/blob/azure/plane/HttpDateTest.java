package io.forebay.blob.azure.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDateTest {
    @Test
    void everyDayOfManyYearsIsReadAsJavaReadsItAndWrittenAsItWasRead() {
        LocalDate last = LocalDate.of(2105, 1, 1);
        for (LocalDate day = LocalDate.of(1995, 1, 1); day.isBefore(last); day = day.plusDays(1)) {
            Instant moment =
                    day.atTime(day.getDayOfYear() % 24, 59, day.getYear() % 60).toInstant(ZoneOffset.UTC);
            String written = HttpDate.of(moment);
            assertThat(HttpDate.parse(written))
                    .isEqualTo(moment)
                    .isEqualTo(DateTimeFormatter.RFC_1123_DATE_TIME.parse(written, Instant::from));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tue, 1 Dec 2026 01:20:02 GMT",
                "Tue, 01 Dec 2026 03:20:02 +0200",
                "Tue, 01 Dec 2026 01:20:02 GMT"
            })
    void whatIsWrittenOtherwiseIsReadToo(String written) {
        assertThat(HttpDate.parse(written)).isEqualTo(Instant.parse("2026-12-01T01:20:02Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-12-01T01:20:02Z",
                "Tue, 01 Dez 2026 01:20:02 GMT",
                "Tue, 01 anF 2026 01:20:02 GMT",
                "Tue, 31 Feb 2026 01:20:02 GMT",
                "Tue, 01 Dec 2026 25:20:02 GMT",
                "Tue, 0x Dec 2026 01:20:02 GMT",
                "Tue, 01 Dec 2026 01:20:02 UTC"
            })
    void whatIsNoDateIsRefused(String written) {
        assertThatThrownBy(() -> HttpDate.parse(written)).isInstanceOf(DateTimeException.class);
    }
}
