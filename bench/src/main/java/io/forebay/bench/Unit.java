package io.forebay.bench;

import java.util.Locale;

/** What a measured number counts, and how it is printed. */
enum Unit {
    RATIO("", 2),
    GIGABYTES_PER_SECOND(" GB/s", 2),
    MEGABYTES_PER_SECOND(" MB/s", 0),
    MICROSECONDS(" µs", 1),
    MILLISECONDS(" ms", 1),
    THOUSANDS_PER_SECOND(" k/s", 1),
    PER_SECOND(" /s", 0),
    REQUESTS(" requests", 0),
    SECONDS(" s", 2),
    SECONDS_PER_GIBIBYTE(" s/GiB", 2),
    MEBIBYTES(" MiB", 0);

    private final String suffix;
    private final int decimals;

    Unit(String suffix, int decimals) {
        this.suffix = suffix;
        this.decimals = decimals;
    }

    String text(double value) {
        return number(value) + suffix;
    }

    /** The median, and the least and the most in parentheses. */
    String text(Sample sample) {
        return number(sample.median()) + " (" + number(sample.min()) + "–" + number(sample.max()) + ")" + suffix;
    }

    /** What was divided by nothing is no number. */
    private String number(double value) {
        return !Double.isFinite(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
