package io.forebay.base;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes that knows how people write it.
 *
 * @param bytes zero or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,18})\\s*([KMGT]i?B?|B)?", Pattern.CASE_INSENSITIVE);

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is zero or more bytes, not " + bytes);
        }
    }

    public static ByteSize ofMebibytes(long mebibytes) {
        return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    /**
     * Reads {@code 4096}, {@code 64KiB}, {@code 16 MiB}, {@code 1G}. The units K, M, G and T are powers of 1,024.
     *
     * @throws IllegalArgumentException if {@code text} is none of these
     */
    public static ByteSize parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size; write for example 64KiB, 16MiB or 1GiB");
        }
        String unit = written.group(2) == null ? "B" : written.group(2).toUpperCase(Locale.ROOT);
        int power = "BKMGT".indexOf(unit.charAt(0));
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(written.group(1)), 1L << (10 * power)));
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("'" + text + "' is more bytes than can be counted", overflow);
        }
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The largest binary unit that the size fills, with one decimal where it needs one: {@code 1.5GiB}. */
    @Override
    public String toString() {
        String units = "KMGT";
        int power = 0;
        while (power < units.length() && bytes >= 1L << (10 * (power + 1))) {
            power++;
        }
        if (power == 0) {
            return bytes + "B";
        }
        long unit = 1L << (10 * power);
        String number = bytes % unit == 0
                ? Long.toString(bytes / unit)
                : String.format(Locale.ROOT, "%.1f", (double) bytes / unit);
        return number + units.charAt(power - 1) + "iB";
    }
}
