package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.ListEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a listing is to show.
 *
 * @param prefix what all names begin with
 * @param folded whether what lies behind the next slash becomes one prefix
 * @param after the blob or prefix that the page before ended with; empty on the first page
 * @param afterPrefix whether {@code after} is a prefix, so that all that lies below it was shown too
 * @param maxEntries the size of a page
 */
record ListingRequest(String prefix, boolean folded, String after, boolean afterPrefix, int maxEntries) {
    /** What a listing of all names looks for in a folder. */
    static final ListingRequest EVERYTHING = new ListingRequest("", false, "", false, 1);

    private static final int LARGEST_PAGE = 5_000;
    private static final char BLOB = 'b';
    private static final char PREFIX = 'p';

    static ListingRequest of(String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries)
            throws ForebayException {
        if (maxEntries < 1 || maxEntries > LARGEST_PAGE) {
            throw new ForebayException.InvalidArgument(
                    "a page has 1 to " + LARGEST_PAGE + " entries, not " + maxEntries);
        }
        if (delimiter != null && !delimiter.equals("/")) {
            throw new ForebayException.InvalidArgument("the delimiter is '/' or none, not '" + delimiter + "'");
        }
        if (continuation == null) {
            return new ListingRequest(prefix, delimiter != null, "", false, maxEntries);
        }
        if (continuation.isEmpty() || (continuation.charAt(0) != BLOB && continuation.charAt(0) != PREFIX)) {
            throw new ForebayException.InvalidArgument("'" + continuation + "' continues no listing");
        }
        return new ListingRequest(
                prefix, delimiter != null, continuation.substring(1), continuation.charAt(0) == PREFIX, maxEntries);
    }

    String continuationAfter(ListEntry last) {
        return (last instanceof ListEntry.Prefix ? PREFIX : BLOB) + last.name();
    }

    boolean wantsBlob(String name) {
        return name.startsWith(prefix) && name.compareTo(after) > 0;
    }

    /** Whether anything below {@code folder}, which ends in a slash, may be wanted. */
    boolean wantsBelow(String folder) {
        if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) {
            return false;
        }
        if (afterPrefix && after.equals(folder)) {
            return false;
        }
        return folder.compareTo(after) > 0 || after.startsWith(folder);
    }

    /** Whether {@code folder} is shown as one prefix, and not gone into. */
    boolean folds(String folder) {
        return folded && folder.length() > prefix.length();
    }
}
