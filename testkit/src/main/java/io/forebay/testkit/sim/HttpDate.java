package io.forebay.testkit.sim;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Moments as HTTP writes them: two digits for the day, always GMT. */
final class HttpDate {
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    static String of(Instant instant) {
        return WRITTEN.format(instant);
    }

    /** The moment that is written there, or null for nothing or nonsense, which HTTP tells to ignore. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.from(WRITTEN.parse(text));
        } catch (DateTimeParseException notADate) {
            return null;
        }
    }
}
