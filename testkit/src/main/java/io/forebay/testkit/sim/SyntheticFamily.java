package io.forebay.testkit.sim;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Any number of blobs that take no memory: their names count up, and their bytes are {@link SyntheticContent}.
 *
 * @param prefix what comes before the number in every name
 * @param digits of the number, with leading zeros, so that the names sort as the numbers do; 0 if there is no number
 * @param suffix what comes behind the number
 * @param count of blobs; numbers begin at 0
 * @param sizeBytes of each
 * @param changed when all of them came to be
 */
record SyntheticFamily(String prefix, int digits, String suffix, long count, long sizeBytes, Instant changed) {
    private static final Pattern NAMES = Pattern.compile("([^%]*)%0(\\d{1,2})d([^%]*)");
    private static final int MOST_DIGITS = 18;

    // In two pieces, since it is not a format but talks of one.
    private static final String EXAMPLE = ": write data/" + "%" + "06d.bin";

    /**
     * Blobs whose names are written as {@code train/part-%06d.bin}, or one blob with a name without a percent sign.
     *
     * @throws IllegalArgumentException in one sentence that says what to write instead
     */
    static SyntheticFamily of(String names, long count, long sizeBytes, Instant changed) {
        if (sizeBytes < 0 || count < 1) {
            throw new IllegalArgumentException("a size of at least 0 and a count of at least 1 are needed");
        }
        if (!names.contains("%")) {
            if (count != 1 || names.isEmpty()) {
                throw new IllegalArgumentException("the names of several blobs need a number" + EXAMPLE);
            }
            return new SyntheticFamily(names, 0, "", 1, sizeBytes, changed);
        }
        Matcher parts = NAMES.matcher(names);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + names + "' has not one number in it" + EXAMPLE);
        }
        int digits = Integer.parseInt(parts.group(2));
        if (digits < 1 || digits > MOST_DIGITS || count > Math.powExact(10L, digits)) {
            throw new IllegalArgumentException("a number of " + digits + " digits cannot count " + count + " blobs");
        }
        return new SyntheticFamily(parts.group(1), digits, parts.group(3), count, sizeBytes, changed);
    }

    String name(long index) {
        if (digits == 0) {
            return prefix;
        }
        char[] number = new char[digits];
        long rest = index;
        for (int i = digits - 1; i >= 0; i--) {
            number[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return prefix + String.valueOf(number) + suffix;
    }

    /** The number of the blob of that name, or -1 if there is none. */
    long indexOf(String name) {
        if (digits == 0) {
            return name.equals(prefix) ? 0 : -1;
        }
        if (name.length() != prefix.length() + digits + suffix.length()
                || !name.startsWith(prefix)
                || !name.endsWith(suffix)) {
            return -1;
        }
        long index = 0;
        for (int i = prefix.length(); i < prefix.length() + digits; i++) {
            char digit = name.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            index = index * 10 + (digit - '0');
        }
        return index < count ? index : -1;
    }

    /** The first name that is not before {@code from}, or null. */
    @Nullable
    String ceiling(String from) {
        long index = ceilingIndex(from);
        return index < count ? name(index) : null;
    }

    private long ceilingIndex(String from) {
        if (from.endsWith("\0")) {
            // A listing that goes on behind the name it gave last, as it does for each entry.
            long last = indexOf(from.substring(0, from.length() - 1));
            if (last >= 0) {
                return last + 1;
            }
        }
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (name(middle).compareTo(from) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The blob of that name, which must be one of them. */
    StoredBlob blob(String name) {
        long seed = SyntheticContent.seedOf(name);
        String etag = String.format(Locale.ROOT, "\"0x8C%05X%08X\"", seed, name.hashCode());
        return new StoredBlob(
                etag,
                changed,
                changed,
                Content.of(new Segment.Synthetic(seed, 0, sizeBytes)),
                Map.of("content-type", "application/octet-stream"),
                Map.of(),
                Labels.NONE,
                List.of(),
                null);
    }
}
