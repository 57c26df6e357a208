package io.forebay.blob.azure.plane;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Moments as HTTP headers and Azure's listings have them, {@code Sun, 22 Nov 2026 10:00:00 GMT}. Source: RFC 9110, 5.6.7.
 *
 * <p>There is one in every answer and every entry of a listing, and the first listing is read by Java that is not compiled yet:
 * docs/adr/0007-data-plane.md has what Java's and Netty's parsers take.
 */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final String SHAPE = "Aaa, 00 Aaa 0000 00:00:00 GMT";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int DAY_AT = 5;
    private static final int MONTH_AT = 8;
    private static final int YEAR_AT = 12;
    private static final int HOUR_AT = 17;
    private static final int MINUTE_AT = 20;
    private static final int SECOND_AT = 23;

    private HttpDate() {}

    /** To the second. */
    static String of(Instant moment) {
        return FORMAT.format(moment);
    }

    /** @throws DateTimeException if it is none */
    public static Instant parse(String written) {
        int month = hasShape(written) ? MONTHS.indexOf(written.substring(MONTH_AT, MONTH_AT + 3)) : -1;
        if (month % 3 != 0) { // whoever writes a day with one digit, or an offset, is right too
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(written, Instant::from);
        }
        return LocalDateTime.of(
                        number(written, YEAR_AT, 4),
                        month / 3 + 1,
                        number(written, DAY_AT, 2),
                        number(written, HOUR_AT, 2),
                        number(written, MINUTE_AT, 2),
                        number(written, SECOND_AT, 2))
                .toInstant(ZoneOffset.UTC);
    }

    private static boolean hasShape(String written) {
        if (written.length() != SHAPE.length()) {
            return false;
        }
        for (int at = 0; at < SHAPE.length(); at++) {
            char shape = SHAPE.charAt(at);
            char character = written.charAt(at);
            boolean fits =
                    switch (shape) {
                        case '0' -> character >= '0' && character <= '9';
                        case 'A', 'a' -> Character.isLetter(character);
                        default -> character == shape;
                    };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static int number(String written, int at, int digits) {
        return Integer.parseInt(written, at, at + digits, 10);
    }
}
